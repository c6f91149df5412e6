import type { Command } from "commander";
import type { Tenant } from "../../crds/index.ts";
import { type Event, kinds } from "../../kube/kinds.ts";
import { isGone } from "../../kube/errors.ts";
import { interrupted } from "../cli-error.ts";
import { age } from "../output/age.ts";
import { withOutput } from "../options.ts";
import { printList } from "../output/print-objects.ts";
import type { Column, OutputOptions } from "../output/print-rows.ts";
import type { Session } from "../session.ts";
import { findTenant } from "./find-tenant.ts";

/** Where Events about cluster-scoped objects are kept. */
const home = "default";

const lastSeen = (event: Event): string | undefined =>
  // Who still writes the older form of Events leaves eventTime null.
  [
    event.series?.lastObservedTime,
    event.eventTime as string | null,
    event.deprecatedLastTimestamp,
    event.metadata?.creationTimestamp,
  ].find((time) => typeof time === "string") ?? undefined;

const objectOf = ({ regarding }: Event): string => `${regarding?.kind ?? ""}/${regarding?.name ?? ""}`.toLowerCase();

export const eventColumns: readonly Column<Event>[] = [
  { name: "Age", value: (event, now) => age(lastSeen(event), now) },
  { name: "Type", value: ({ type }) => type ?? "" },
  { name: "Reason", value: ({ reason }) => reason ?? "" },
  { name: "Count", wide: true, value: (event) => String(event.series?.count ?? event.deprecatedCount ?? 1) },
  { name: "Object", value: objectOf },
  { name: "Message", value: ({ note }) => note ?? "" },
];

const bySight = (left: Event, right: Event): number => (lastSeen(left) ?? "").localeCompare(lastSeen(right) ?? "");

/** Whether it is about this tenant, and not about one of the same name before. */
const isAbout = ({ metadata }: Tenant, { regarding }: Event): boolean =>
  regarding?.kind === "Tenant" &&
  regarding.name === metadata.name &&
  (!regarding.uid || regarding.uid === metadata.uid);

/** What the operator told of the tenant, the newest last. */
export const toldOf = async (session: Session, tenant: Tenant): Promise<Event[]> => {
  const told = await session.cluster().kube.list(kinds.event, { namespace: home });
  return told.filter((event) => isAbout(tenant, event)).sort(bySight);
};

/** The same, and what Kubernetes told of the pods and the rest in its namespace. */
const eventsOf = async (session: Session, tenant: Tenant): Promise<Event[]> => {
  const namespace = tenant.status?.backend?.namespace;
  const [told, inside] = await Promise.all([
    toldOf(session, tenant),
    namespace === undefined ? [] : session.cluster().kube.list(kinds.event, { namespace }),
  ]);
  return [...told, ...inside].sort(bySight);
};

const lineOf = (event: Event): string =>
  `${(lastSeen(event) ?? "").slice(0, 19).padEnd(19)}   ${(event.type ?? "").padEnd(7)}   ${event.reason ?? ""}   ${objectOf(event)}   ${event.note ?? ""}\n`;

/** New events of one namespace, until the signal. */
const tellNew = async (session: Session, namespace: string, about: (event: Event) => boolean): Promise<void> => {
  const { kube } = session.cluster();
  const signal = session.interrupt;
  let { resourceVersion } = await kube.listPage(kinds.event, { namespace, limit: 1, signal });
  const stopped = (): boolean => signal.aborted;
  while (!stopped()) {
    try {
      for await (const { type, object } of kube.watch(kinds.event, { namespace, resourceVersion, signal })) {
        resourceVersion = object.metadata?.resourceVersion ?? resourceVersion;
        if ((type === "ADDED" || type === "MODIFIED") && about(object)) session.terminal.out(lineOf(object));
      }
    } catch (error) {
      if (stopped()) return;
      if (!isGone(error)) throw error;
      ({ resourceVersion } = await kube.listPage(kinds.event, { namespace, limit: 1, signal }));
    }
  }
};

const followEvents = async (session: Session, tenant: Tenant): Promise<never> => {
  const namespace = tenant.status?.backend?.namespace;
  await Promise.all([
    tellNew(session, home, (event) => isAbout(tenant, event)),
    namespace === undefined ? undefined : tellNew(session, namespace, () => true),
  ]);
  throw interrupted("Stopped.", { next: `tenant events ${tenant.metadata.name}` });
};

type Options = OutputOptions & { follow?: true };

/** `tenant events`: what the operator and Kubernetes told of a tenant. */
export const addTenantEvents = (parent: Command, session: Session): void => {
  withOutput(parent.command("events").description("what was told of a tenant and of what runs in its namespace"))
    .argument("<slug>", "name of a tenant")
    .option("-f, --follow", "go on telling until Ctrl-C")
    .action(async (slug: string, { follow, ...options }: Options) => {
      const tenant = await findTenant(session, slug);
      const { terminal, timer } = session;
      const events = await eventsOf(session, tenant);
      if (follow) {
        for (const event of events) terminal.out(lineOf(event));
        await followEvents(session, tenant);
      }
      if (events.length === 0 && options.output === "table") terminal.err("Nothing was told in the last hour.\n");
      else printList(events, { columns: eventColumns, options, terminal, now: timer.now() });
    });
};

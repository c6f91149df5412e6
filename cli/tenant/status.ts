import type { Command } from "commander";
import type { Tenant } from "../../crds/index.ts";
import { type Event, kinds, type Pod } from "../../kube/kinds.ts";
import { servers, templates } from "../names.ts";
import { age } from "../output/age.ts";
import { bytesText } from "../output/bytes.ts";
import { inMood, styleFor } from "../output/style.ts";
import { table } from "../output/table.ts";
import type { Session, Visit } from "../session.ts";
import { eventColumns, toldOf } from "./events.ts";
import { findTenant } from "./find-tenant.ts";
import { podsOf } from "./pods-of.ts";
import { conditionOf, heldDeletion, isReady } from "./tenant-state.ts";

/** What the screen is about; a part that could not be read is missing, with why. */
export type Sight = {
  tenant: Tenant;
  server: string | undefined;
  channelVersion: string | undefined;
  pods: Pod[];
  wantedPods: number | undefined;
  events: Event[];
  visit: Visit | undefined;
};

const lenient = <T>(work: Promise<T>, otherwise: T): Promise<T> => work.catch(() => otherwise);

const sight = async (session: Session, tenant: Tenant, probe: boolean): Promise<Sight> => {
  const { kube } = session.cluster();
  const { status, spec } = tenant;
  const namespace = status?.backend?.namespace;
  const serverName = status?.database?.server;
  const [server, template, pods, deployment, events, visit] = await Promise.all([
    serverName === undefined ? undefined : lenient(kube.find(servers, { name: serverName }), undefined),
    lenient(kube.find(templates, { name: spec.template }), undefined),
    namespace === undefined ? [] : lenient(podsOf(session, tenant), []),
    namespace === undefined ? undefined : lenient(kube.find(kinds.deployment, { name: "vault", namespace }), undefined),
    lenient(toldOf(session, tenant), []),
    probe && status?.url !== undefined ? session.visit(status.url) : undefined,
  ]);
  const version = server?.status?.version;
  return {
    tenant,
    server:
      serverName === undefined ? undefined : `${serverName}${version === undefined ? "" : ` (PostgreSQL ${version})`}`,
    channelVersion: template?.spec.channels[spec.release.channel],
    pods,
    wantedPods: deployment?.spec?.replicas,
    events,
    visit,
  };
};

const restartsOf = (pod: Pod): number =>
  (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

const isPodReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;

const joined = (...parts: (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join(" · ");

const addressOf = ({ tenant, visit }: Sight): string => {
  const { url } = tenant.status ?? {};
  if (url === undefined) return "none yet";
  if (!visit) return url;
  return joined(url, "status" in visit ? `answers ${visit.status}` : `does not answer: ${visit.trouble}`);
};

const databaseOf = ({ tenant, server }: Sight): string => {
  const { database } = tenant.status ?? {};
  if (!database) return "none yet";
  return joined(`${database.name} on ${server ?? database.server}`, bytesText(database.bytes));
};

const releaseOf = ({ tenant, channelVersion }: Sight): string => {
  const { channel, pin } = tenant.spec.release;
  const running = tenant.status?.release;
  const follows = pin === undefined ? `follows ${channel}` : `pinned to ${pin}`;
  const target = pin ?? channelVersion;
  const behind = running && target !== undefined && target !== running.version ? `${target} is wanted` : undefined;
  return joined(running ? `${running.name} · schema ${running.schemaVersion}` : "none runs yet", follows, behind);
};

const workloadOf = ({ tenant, pods, wantedPods }: Sight): string => {
  const namespace = tenant.status?.backend?.namespace;
  if (namespace === undefined) return "none yet";
  const ready = pods.filter(isPodReady).length;
  const restarts = pods.reduce((sum, pod) => sum + restartsOf(pod), 0);
  return joined(
    `${ready} of ${wantedPods ?? pods.length} pods ready`,
    `${restarts} ${restarts === 1 ? "restart" : "restarts"}`,
    namespace,
  );
};

const secretsOf = ({ tenant }: Sight, now: Date): string => {
  const { secretVersions: versions, rotation } = tenant.status ?? {};
  if (!versions) return "none yet";
  const since = (time: string | undefined) => age(time ?? tenant.metadata.creationTimestamp, now);
  return joined(
    `password version ${versions.database}, ${since(rotation?.database?.rotatedAt)} old (login ${versions.databaseLogin})`,
    `signing key version ${versions.signing}, ${since(rotation?.signing?.rotatedAt)} old`,
  );
};

const limitsOf = ({ tenant }: Sight): string | undefined => {
  const meters = tenant.status?.limits?.meters ?? [];
  if (meters.length === 0) return undefined;
  const amount = (name: string, value: number) => (name.endsWith("bytes") ? bytesText(value) : String(value));
  return joined(
    ...meters.map(({ name, limit, used }) =>
      used === undefined
        ? `${name} at most ${amount(name, limit)}`
        : `${name} ${amount(name, used)} of ${amount(name, limit)}`,
    ),
  );
};

/** The command that helps most from here. */
const nextOf = ({ tenant }: Sight): string => {
  const { name } = tenant.metadata;
  if (heldDeletion(tenant)) return `tenant approve-deletions ${name}`;
  if (conditionOf(tenant, "DeletionBlocked")?.status === "True") return `tenant explain ${name}`;
  if (tenant.metadata.deletionTimestamp) return `tenant wait ${name} --for deleted`;
  if (tenant.spec.activity === "Suspended") return `tenant resume ${name}`;
  if (isReady(tenant)) return `tenant open ${name}`;
  return tenant.status?.phase === "Failed" ? `doctor ${name}` : `tenant wait ${name}`;
};

const shown = 5;

/** One tenant on one screen. */
export const statusScreen = (seen: Sight, session: Session): string => {
  const { terminal, timer, program } = session;
  const { tenant, events } = seen;
  const { metadata, spec, status } = tenant;
  const style = styleFor(terminal.colour);
  const now = timer.now();
  const head = `${style.bold(metadata.name)} · ${spec.organization.name} · ${spec.template}, plan ${spec.plan} · ${age(metadata.creationTimestamp, now)} old`;
  const facts: [string, string | undefined][] = [
    ["Phase", joined(inMood(style, status?.phase ?? "Pending"), status?.message)],
    ["Address", addressOf(seen)],
    ["Database", databaseOf(seen)],
    ["Release", releaseOf(seen)],
    ["Workload", workloadOf(seen)],
    ["Secrets", secretsOf(seen, now)],
    ["Limits", limitsOf(seen)],
    ["Deletion", joined(spec.protected ? "protected" : undefined, `data is kept for ${spec.retention} afterwards`)],
  ];
  const conditions = (status?.conditions ?? []).map((one) => [
    one.type,
    one.status,
    one.reason,
    age(one.lastTransitionTime, now),
    one.message,
  ]);
  const last = events.slice(-shown);
  const told = last.map((event) => eventColumns.filter(({ wide }) => !wide).map(({ value }) => value(event, now)));
  const headings = eventColumns.filter(({ wide }) => !wide).map(({ name }) => name.toUpperCase());
  return [
    `${head}\n`,
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(10)}${value}\n`])),
    ...(conditions.length === 0
      ? []
      : ["\n", table(["CONDITION", "STATUS", "REASON", "SINCE", "MESSAGE"], conditions, terminal)]),
    ...(told.length === 0 ? [] : ["\n", table(headings, told, terminal)]),
    `\nNext: ${program} ${nextOf(seen)}\n`,
  ].join("");
};

/** `tenant status`: all about one tenant on one screen. */
export const addTenantStatus = (parent: Command, session: Session): void => {
  parent
    .command("status")
    .description("all about one tenant on one screen")
    .argument("<slug>", "name of a tenant")
    .option("--no-visit", "do not ask whether its address answers")
    .action(async (slug: string, { visit }: { visit: boolean }) => {
      const tenant = await findTenant(session, slug);
      session.terminal.out(statusScreen(await sight(session, tenant, visit), session));
    });
};

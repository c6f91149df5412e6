import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { parse } from "yaml";
import type { Tenant } from "../../crds/index.ts";
import { conflict, failed, wrongUsage } from "../cli-error.ts";
import { fieldManager, templates, tenants } from "../names.ts";
import { type DryRunOptions, withDryRun, withOutput, withWait, type WaitOptions } from "../options.ts";
import { printObject } from "../output/print-objects.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import type { Session } from "../session.ts";
import { follow } from "../wait/follow.ts";
import { parseOwner } from "./owner.ts";
import { tenantColumns } from "./tenant-columns.ts";
import { isReady, lookFor } from "./tenant-state.ts";

type Wish = {
  organization?: string;
  organizationId?: string;
  template?: string;
  plan?: string;
  owner?: { name: string; email: string };
  channel?: string;
  pin?: string;
  server?: string;
  host: string[];
  retention?: string;
  protected?: true;
  restoreFrom?: string;
  adoptDatabase?: string;
  file?: string;
};
type Options = Wish & OutputOptions & WaitOptions & DryRunOptions;

const collect = (value: string, before: string[]): string[] => [...before, value];

/** The cluster's template when there is only one. */
const onlyTemplate = async (session: Session): Promise<string> => {
  const names = (await session.cluster().kube.list(templates)).map(({ metadata }) => metadata.name);
  if (names.length === 1 && names[0] !== undefined) return names[0];
  throw wrongUsage("Say which template to run: --template.", {
    hints: [names.length === 0 ? "This cluster has none yet." : `Templates: ${names.join(", ")}`],
  });
};

const required = <T>(value: T | undefined, option: string): T => {
  if (value === undefined)
    throw wrongUsage(`Say ${option}, or give a manifest with --file.`, { next: "tenant create --help" });
  return value;
};

const specOf = async (session: Session, wish: Wish): Promise<Record<string, unknown>> => {
  const organization = required(wish.organization, "--organization");
  const plan = required(wish.plan, "--plan");
  const owner = required(wish.owner, "--owner");
  const id =
    wish.organizationId ??
    `org_${organization
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")}`;
  const template = wish.template ?? (await onlyTemplate(session));
  const release = {
    ...(wish.channel === undefined ? {} : { channel: wish.channel }),
    ...(wish.pin === undefined ? {} : { pin: wish.pin }),
  };
  return {
    organization: { id, name: organization },
    template,
    plan,
    owner,
    ...(Object.keys(release).length === 0 ? {} : { release }),
    ...(wish.server === undefined ? {} : { databaseServer: wish.server }),
    ...(wish.host.length === 0 ? {} : { hosts: wish.host }),
    ...(wish.retention === undefined ? {} : { retention: wish.retention }),
    ...(wish.protected ? { protected: true } : {}),
    ...(wish.restoreFrom === undefined ? {} : { restoreFrom: wish.restoreFrom }),
    ...(wish.adoptDatabase === undefined ? {} : { adoptDatabase: { name: wish.adoptDatabase } }),
  };
};

const manifestOf = (file: string, slug: string): Record<string, unknown> => {
  const text = (() => {
    try {
      return readFileSync(file === "-" ? 0 : file, "utf8");
    } catch (cause) {
      throw wrongUsage(`The file ${file} cannot be read: ${(cause as Error).message}`, { cause });
    }
  })();
  const manifest = parse(text) as Partial<Tenant> | null;
  if (manifest?.kind !== "Tenant" || !manifest.spec)
    throw wrongUsage(`${file} holds no Tenant.`, { hints: ["It needs kind: Tenant and a spec."] });
  const named = manifest.metadata?.name;
  if (named !== undefined && named !== slug) throw wrongUsage(`${file} is about the tenant "${named}", not "${slug}".`);
  const { labels, annotations } = manifest.metadata ?? {};
  return {
    spec: manifest.spec,
    metadata: { name: slug, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  };
};

/**
 * Makes a tenant that does not exist yet. Applied rather than created, so that later changes by this CLI meet fields
 * of its own; of two people who make the same at once, the second meets the first's fields.
 */
export const createTenant = async (
  session: Session,
  object: Record<string, unknown>,
  dryRun?: boolean,
): Promise<Tenant> => {
  const { kube } = session.cluster();
  const slug = (object["metadata"] as { name: string }).name;
  const before = await kube.find(tenants, { name: slug });
  if (before) {
    const going = before.metadata.deletionTimestamp !== undefined;
    throw conflict(
      going
        ? `The tenant "${slug}" is being deleted; its name is free when that is done.`
        : `The tenant "${slug}" exists already.`,
      {
        next: going ? `tenant wait ${slug} --for deleted` : `tenant status ${slug}`,
      },
    );
  }
  return kube.apply(tenants, object as unknown as Tenant, { fieldManager, dryRun });
};

/** Waits until a new tenant's vault answers, and says so. */
export const awaitReady = async (session: Session, slug: string, timeoutMs: number): Promise<Tenant> => {
  const ready = await follow(session, {
    kind: tenants,
    name: slug,
    look: lookFor(slug, isReady),
    timeoutMs,
    again: `tenant status ${slug}`,
  });
  if (!ready) throw failed(`The tenant "${slug}" is gone.`);
  session.terminal.err(`The vault answers at ${ready.status?.url ?? "its address"}\n`);
  return ready;
};

/** `tenant create`: a new organization's vault. */
export const addTenantCreate = (parent: Command, session: Session): void => {
  const command = parent.command("create").description("make a tenant and wait until its vault answers");
  withDryRun(withWait(withOutput(command)))
    .argument("<slug>", "its name, which is also its address")
    .option("--organization <name>", "the organization's name as people read it")
    .option("--organization-id <id>", "its id in the registry; made from the name when left out")
    .option("--plan <plan>", "one of the template's plans")
    .option("--owner <name and mail>", 'the first owner, for example "Kari Nordmann <kari@example.org>"', parseOwner)
    .option("--template <name>", "the application to run; the cluster's only one when left out")
    .option("--channel <name>", "the release channel to follow")
    .option("--pin <version>", "one version to stay on")
    .option("--server <name>", "the database server to live on")
    .option("--host <name>", "a host name of the organization's own; may be given more than once", collect, [])
    .option("--retention <duration>", "how long the data is kept after deletion, for example 720h")
    .option("--protected", "refuse deletion until it is unprotected")
    .option("--restore-from <name>", "the retained vault whose data it takes over")
    .option("--adopt-database <name>", "an existing database to take over; needs --server")
    .option("-f, --file <path>", "a manifest to take it from instead; - is standard input")
    .action(async (slug: string, { wait, timeout, dryRun, output, columns, file, ...wish }: Options) => {
      const object =
        file === undefined ? { spec: await specOf(session, wish), metadata: { name: slug } } : manifestOf(file, slug);
      const made = await createTenant(
        session,
        { apiVersion: "polyphony.dev/v1alpha1", kind: "Tenant", ...object },
        dryRun,
      );
      const { terminal, timer } = session;
      terminal.err(dryRun ? `The tenant "${slug}" would be made (dry run).\n` : `The tenant "${slug}" is made.\n`);
      const last = dryRun || !wait ? made : await awaitReady(session, slug, timeout);
      printObject(last, {
        columns: tenantColumns,
        options: { output, ...(columns === undefined ? {} : { columns }) },
        terminal,
        now: timer.now(),
      });
    });
};

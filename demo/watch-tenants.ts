import type { Tenant } from "../crds/index.ts";

/** Reads Tenants as they are now, without those that are not there yet. */
export type ReadTenants = (slugs: readonly string[]) => Promise<Tenant[]>;

const readyOf = ({ status }: Tenant) => status?.conditions?.find((condition) => condition.type === "Ready");

/** Whether the Tenant answers, as the operator says of its present spec. */
export const isReady = (tenant: Tenant): boolean =>
  readyOf(tenant)?.status === "True" && tenant.status?.observedGeneration === tenant.metadata.generation;

/** One line on how a tenant is, without times, so that an unchanged line is not printed twice. */
export const lineOf = (tenant: Tenant): string => {
  const { status, metadata } = tenant;
  const step = status?.progress ? ` (step ${status.progress.step + 1} of ${status.progress.of})` : "";
  return `${metadata.name}: ${status?.phase ?? "Pending"}${step} · ${status?.message ?? "seen by nobody yet"}`;
};

/** What to look at when a tenant does not come up. */
export const adviceOf = (tenant: Tenant): string => {
  const conditions = (tenant.status?.conditions ?? []).filter((condition) => condition.status !== "True");
  const lines = conditions.map(({ type, reason, message }) => `    ${type}: ${reason}. ${message}`);
  return [`  ${lineOf(tenant)}`, ...lines, `    Look closer: kubectl describe tenant ${tenant.metadata.name}`].join(
    "\n",
  );
};

export type WatchOptions = {
  slugs: readonly string[];
  read: ReadTenants;
  say: (line: string) => void;
  sleep: (ms: number) => Promise<void>;
  /** How many looks, half a second apart, before it gives up. */
  looks: number;
};

/**
 * Waits until all tenants are Ready, saying each change once.
 * @throws Error that names the conditions which are not met and what to look at.
 */
export const watchTenants = async ({ slugs, read, say, sleep, looks }: WatchOptions): Promise<Tenant[]> => {
  const said = new Map<string, string>();
  let tenants: Tenant[] = [];
  for (let look = 0; look < looks; look += 1) {
    tenants = await read(slugs);
    for (const tenant of tenants) {
      const line = lineOf(tenant);
      if (said.get(tenant.metadata.name) !== line) say(line);
      said.set(tenant.metadata.name, line);
    }
    if (tenants.length === slugs.length && tenants.every(isReady)) return tenants;
    await sleep(500);
  }
  const there = new Set(tenants.map(({ metadata }) => metadata.name));
  const waiting = [
    ...slugs
      .filter((slug) => !there.has(slug))
      .map((slug) => `  ${slug}: no Tenant yet. See the control worker's log.`),
    ...tenants.filter((tenant) => !isReady(tenant)).map(adviceOf),
  ];
  throw new Error(`These vaults do not answer yet:\n${waiting.join("\n")}`);
};

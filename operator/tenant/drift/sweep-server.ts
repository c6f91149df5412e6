import type { Tenant } from "../../../crds/index.ts";
import { RetryableError, StalledError } from "../../outcome.ts";
import type { VaultDatabaseFacts } from "../../database/tenant-database.ts";
import { planVault } from "../../database/vault-plan.ts";
import { type TenantCaches, vaultIdOf } from "../caches.ts";
import { isRotating } from "../rotation/rotation.ts";
import { shownBytes } from "../database-status.ts";
import { wantedDatabase, type WantedDatabase } from "../wanted-database.ts";

type Caches = Pick<TenantCaches, "tenants" | "templates" | "releases">;
type Facts = ReadonlyMap<string, VaultDatabaseFacts>;

/** What a vault that runs is to have on its server; null for one that is on its way somewhere, as its own reconcile looks after it. */
const wantedOf = (tenant: Tenant, database: VaultDatabaseFacts | null, caches: Caches): WantedDatabase | null => {
  const vaultId = vaultIdOf(tenant);
  const plan = caches.templates.get(tenant.spec.template)?.value.spec.plans[tenant.spec.plan];
  const release = caches.releases.get(tenant.status?.release?.name ?? "")?.value;
  if (tenant.metadata.deletionTimestamp || isRotating(tenant.status)) return null;
  return vaultId !== null && plan && release ? wantedDatabase({ tenant, database, vaultId, plan, release }) : null;
};

/** Whether something is to be done about it that the Tenant does not say already. */
const isOff = (tenant: Tenant, wanted: WantedDatabase, facts: VaultDatabaseFacts | null, server: string): boolean => {
  try {
    return planVault(wanted, facts, server).length > 0;
  } catch (error) {
    if (!(error instanceof StalledError || error instanceof RetryableError)) throw error;
    const said = tenant.status?.conditions?.find(({ type }) => type === "DatabaseReady");
    return said?.status !== "False" || said.reason !== error.reason;
  }
};

const hasGrown = (tenant: Tenant, facts: VaultDatabaseFacts | null): boolean => {
  const bytes = facts?.database?.bytes ?? null;
  const told = tenant.status?.database?.bytes;
  return bytes !== null && shownBytes(bytes, told) !== told;
};

/**
 * The Tenants on a server whose databases are not as wanted, or whose size is not told yet: one reading of the server's
 * catalogs, compared in memory with the wishes of all who live there. Nothing is asked, nothing is kept.
 */
export const sweepServer = (server: string, all: Facts, caches: Caches): string[] =>
  caches.tenants.byIndex("server", server).flatMap(({ key, value: tenant }) => {
    const facts = all.get(vaultIdOf(tenant) ?? "") ?? null;
    const wanted = wantedOf(tenant, facts, caches);
    if (!wanted) return [];
    return isOff(tenant, wanted, facts, server) || hasGrown(tenant, facts) ? [key] : [];
  });

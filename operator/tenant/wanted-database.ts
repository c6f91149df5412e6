import type { Tenant, VaultPlan, VaultRelease } from "../../crds/index.ts";
import { goldenName } from "../database/names.ts";
import type { VaultDatabaseFacts, VaultDatabaseSpec } from "../database/tenant-database.ts";
import { versionsOf } from "./rotation/secret-versions.ts";

/** What a vault's database is to be, without the password and how it is copied. */
export type WantedDatabase = Omit<VaultDatabaseSpec, "verifier" | "strategy" | "keepOtherLogin">;

export type WantedFrom = {
  tenant: Tenant;
  database: VaultDatabaseFacts | null;
  vaultId: string;
  plan: VaultPlan;
  release: VaultRelease;
};

/** The one place that says it: for the vault's own reconcile, and for the look over a whole server. Pure. */
export const wantedDatabase = ({ tenant, database, vaultId, plan, release }: WantedFrom): WantedDatabase => {
  const versions = versionsOf({ tenant, database });
  return {
    vaultId,
    template: tenant.spec.template,
    golden: goldenName(release.metadata.name, release.spec.image.digest),
    access: tenant.spec.access,
    activeLogin: versions.databaseLogin,
    passwordVersion: versions.database,
    connectionLimit: plan.databaseConnections,
  };
};

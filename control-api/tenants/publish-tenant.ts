import type { RegistryDatabase } from "../db/registry-database.ts";
import { type TenantCluster, TenantForeignError } from "../gateways/tenant-cluster.ts";
import { type Handler, HopelessError } from "../jobs/work-outbox.ts";
import { vaultRepository } from "./vault-repository.ts";

/** Makes the Tenant of an organization be as the registry says now. One that is closed or not approved gets none. */
export const publishTenant =
  (registry: RegistryDatabase, cluster: TenantCluster): Handler =>
  async ({ subject }) => {
    const wanted = await registry.asPlatform((transaction) => vaultRepository(transaction).wanted(subject));
    if (!wanted?.approved) return;
    try {
      await cluster.publish(wanted);
    } catch (error) {
      if (error instanceof TenantForeignError) throw new HopelessError(error.message, { cause: error });
      throw error;
    }
  };

import type { RegistryDatabase } from "../db/registry-database.ts";
import { type TenantCluster, TenantForeignError } from "../gateways/tenant-cluster.ts";
import { type Handler, HopelessError } from "../jobs/work-outbox.ts";
import { vaultRepository } from "./vault-repository.ts";

const removeClosed = async (
  registry: RegistryDatabase,
  cluster: TenantCluster,
  organizationId: string,
): Promise<void> => {
  const closed = await registry.asPlatform((transaction) => vaultRepository(transaction).ofClosed(organizationId));
  if (!closed) return;
  await cluster.remove(closed.tenant, organizationId);
  await registry.asPlatform((transaction) => vaultRepository(transaction).forget(organizationId));
};

/** Makes the Tenant of an organization be as the registry says now. One that is closed loses it; one not approved gets none. */
export const publishTenant =
  (registry: RegistryDatabase, cluster: TenantCluster): Handler =>
  async ({ subject }) => {
    const wanted = await registry.asPlatform((transaction) => vaultRepository(transaction).wanted(subject));
    if (!wanted) return removeClosed(registry, cluster, subject);
    if (!wanted.approved) return;
    try {
      await cluster.publish(wanted);
    } catch (error) {
      if (error instanceof TenantForeignError) throw new HopelessError(error.message, { cause: error });
      throw error;
    }
  };

import type { Clock } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { type TenantCluster, TenantForeignError } from "../gateways/tenant-cluster.ts";
import { outboxRepository } from "../jobs/outbox-repository.ts";
import { type Handler, HopelessError } from "../jobs/work-outbox.ts";
import { tellStaff } from "../mails/tell-staff.ts";
import { failVault } from "./observe-vault.ts";
import { vaultRepository } from "./vault-repository.ts";

const removeClosed = async (
  registry: RegistryDatabase,
  cluster: TenantCluster,
  organizationId: string,
): Promise<void> => {
  const closed = await registry.queryAsPlatform((database) => vaultRepository(database).ofClosed(organizationId));
  if (!closed) return;
  await cluster.remove(closed.tenant, organizationId);
  await registry.queryAsPlatform((database) => vaultRepository(database).forget(organizationId));
};

/** Time does not heal it: the customer and the staff learn of it, and staff try again when they have. */
const reportForeign = (
  { registry, clock }: PublishTenantDeps,
  organizationId: string,
  { message }: TenantForeignError,
): Promise<void> =>
  registry.asPlatform(async (transaction) => {
    const at = clock.now();
    await failVault(transaction, { organizationId, at, reason: "OrganizationDiffers", message });
    await tellStaff(transaction, "failure", organizationId, at);
  });

export interface PublishTenantDeps {
  readonly registry: RegistryDatabase;
  readonly cluster: TenantCluster;
  readonly clock: Clock;
}

/**
 * Makes the Tenant of an organization be as the registry says now. One that is closed loses it; one not approved gets none.
 * With `retry` in the payload the operator is asked to try again at once what it waits with.
 */
export const publishTenant =
  (deps: PublishTenantDeps): Handler =>
  async (row) => {
    const { registry, cluster, clock } = deps;
    const { subject, payload } = row;
    const settle = () => registry.queryAsPlatform((database) => outboxRepository(database).settle(row, clock.now()));
    const look = () => registry.queryAsPlatform((database) => vaultRepository(database).wanted(subject));
    const wanted = await look();
    if (!wanted) {
      await removeClosed(registry, cluster, subject);
      return settle();
    }
    if (!wanted.approved) return;
    try {
      await cluster.publish(wanted);
    } catch (error) {
      if (!(error instanceof TenantForeignError)) throw error;
      await reportForeign(deps, subject, error);
      throw new HopelessError(error.message, { cause: error });
    }
    // Closed meanwhile: whoever was to take the Tenant away may have looked before it was there.
    const isClosed = (await look()) === null;
    if (isClosed) await cluster.remove(wanted.slug, subject);
    if (!isClosed && payload["retry"] !== undefined) await cluster.retry(wanted.slug, clock.now());
    await settle();
  };

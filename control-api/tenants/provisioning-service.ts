import { audit, by } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { Provisioning } from "../contract/organizations.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { notFound } from "../errors.ts";
import type { ActingMember, Membership } from "../http/call.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { provisioningOf } from "./provisioning-steps.ts";
import type { VaultChanges } from "./vault-changes.ts";
import { vaultRepository } from "./vault-repository.ts";

export interface ProvisioningService {
  get(membership: Membership): Promise<Provisioning>;
  /** What is so now, and again at each change, until `signal`. */
  follow(membership: Membership, signal: AbortSignal): AsyncIterable<Provisioning>;
  /** Tries again at once what waits or did not succeed. */
  retry(who: ActingMember): Promise<Provisioning>;
}

export interface ProvisioningServiceDeps {
  readonly registry: RegistryDatabase;
  readonly changes: Pick<VaultChanges, "next">;
  readonly clock: Clock;
}

/** Looked at this often although nothing was told, in case a notice was lost. */
const lookAtLeastEveryMs = 10_000;

export const createProvisioningService = (deps: ProvisioningServiceDeps): ProvisioningService => {
  const { registry, changes, clock } = deps;
  const get = async ({ organizationId }: Membership): Promise<Provisioning> => {
    const row = await registry.within({ organizationId }, (transaction) =>
      vaultRepository(transaction).byOrganization(organizationId),
    );
    if (!row) throw notFound("This organization's vault");
    return provisioningOf(row);
  };
  return {
    get,
    follow: async function* (membership, signal) {
      let before = "";
      while (!signal.aborted) {
        // Waited for from before the look, so that nothing falls between the two.
        const change = changes.next(membership.organizationId, signal, lookAtLeastEveryMs);
        const now = await get(membership);
        const text = JSON.stringify(now);
        if (text !== before) yield now;
        before = text;
        await change;
      }
    },
    retry: async (who) => {
      const { person, membership } = who;
      const { organizationId } = membership;
      const at = clock.now();
      await registry.within({ organizationId, personId: person.id }, async (transaction) => {
        const payload = { retry: "true" };
        await leaveWork(transaction, { kind: "publish-tenant", subject: organizationId, payload, at });
        await audit(transaction, {
          ...by(who, at),
          organizationId,
          action: "vault.retried",
          subject: `organization:${organizationId}`,
        });
      });
      return get(membership);
    },
  };
};

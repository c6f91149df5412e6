import type { Clock } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { TenantCluster } from "../gateways/tenant-cluster.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { tellStaff } from "../mails/tell-staff.ts";
import { type Observation, observeVault } from "./observe-vault.ts";

export interface ObserveTenantsDeps {
  readonly registry: RegistryDatabase;
  readonly cluster: TenantCluster;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

const lookAgainMs = 1_000;

/**
 * Writes what Tenants say into the registry, each the newest only and one write at a time for each; what cannot be written
 * is tried again. A vault that answers for the first time has its owner welcomed, once. Returns the way to stop it.
 */
export const observeTenants = ({ registry, cluster, clock, onTrouble }: ObserveTenantsDeps): (() => Promise<void>) => {
  const newest = new Map<string, Observation>();
  const busy = new Map<string, Promise<void>>();
  let stopped = false;

  const write = (seen: Observation): Promise<void> =>
    registry.asPlatform(async (transaction) => {
      const now = clock.now();
      const news = await observeVault(transaction, seen, now);
      if (news?.hasFailed) await tellStaff(transaction, "failure", news.organizationId, now);
      if (!news?.wentLive) return;
      await leaveWork(transaction, {
        kind: "mail",
        subject: news.organizationId,
        payload: { letter: "welcome" },
        at: now,
      });
    });

  const drain = async (tenant: string): Promise<void> => {
    for (let seen = newest.get(tenant); seen && !stopped; seen = newest.get(tenant)) {
      try {
        await write(seen);
        if (newest.get(tenant) === seen) newest.delete(tenant);
      } catch (error) {
        onTrouble(error);
        await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
      }
    }
    busy.delete(tenant);
  };

  const stopWatching = cluster.watch((seen) => {
    newest.set(seen.tenant, seen);
    if (!busy.has(seen.tenant)) busy.set(seen.tenant, drain(seen.tenant));
  });

  return async () => {
    stopped = true;
    await stopWatching();
    await Promise.all(busy.values());
  };
};

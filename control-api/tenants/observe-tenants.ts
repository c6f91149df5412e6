import type { Clock } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { TenantCluster } from "../gateways/tenant-cluster.ts";
import { leaveWelcome } from "../mails/leave-welcome.ts";
import { tellStaff } from "../mails/tell-staff.ts";
import type { Tokens } from "../tokens.ts";
import { writeNewest } from "../write-newest.ts";
import { type Observation, observeVault } from "./observe-vault.ts";

export interface ObserveTenantsDeps {
  readonly registry: RegistryDatabase;
  readonly cluster: Pick<TenantCluster, "watch">;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Writes what Tenants say into the registry, of each the newest only. A vault that answers for the first time has its
 * owner welcomed, once. Returns the way to stop it.
 */
export const observeTenants = ({
  registry,
  cluster,
  clock,
  tokens,
  onTrouble,
}: ObserveTenantsDeps): (() => Promise<void>) => {
  const write = (seen: Observation): Promise<void> =>
    registry.asPlatform(async (transaction) => {
      const now = clock.now();
      const news = await observeVault(transaction, seen, now);
      if (news?.hasFailed) await tellStaff(transaction, "failure", news.organizationId, now);
      if (news?.wentLive) await leaveWelcome(transaction, tokens, { organizationId: news.organizationId, at: now });
    });
  const writer = writeNewest<Observation>({ write, onTrouble });
  const stopWatching = cluster.watch((seen) => writer.put(seen.tenant, seen));
  return async () => {
    await stopWatching();
    await writer.stop();
  };
};

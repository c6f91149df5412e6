import type { Clock } from "../clock.ts";
import type { TemplateView } from "../contract/templates.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { TenantCluster } from "../gateways/tenant-cluster.ts";
import { writeNewest } from "../write-newest.ts";
import { templateRepository } from "./template-repository.ts";

export interface ObserveTemplatesDeps {
  readonly registry: RegistryDatabase;
  readonly cluster: Pick<TenantCluster, "watchTemplates">;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Keeps in the registry which applications the cluster offers. All of them are written each time, so what went while
 * nobody looked goes from the registry too. Returns the way to stop it.
 */
export const observeTemplates = ({ registry, cluster, clock, onTrouble }: ObserveTemplatesDeps) => {
  const writer = writeNewest<readonly TemplateView[]>({
    write: (all) => registry.asPlatform((transaction) => templateRepository(transaction).replace(all, clock.now())),
    onTrouble,
  });
  const stopWatching = cluster.watchTemplates((all) => writer.put("all", all));
  return async (): Promise<void> => {
    await stopWatching();
    await writer.stop();
  };
};

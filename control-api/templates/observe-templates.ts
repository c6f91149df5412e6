import type { Clock } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { TenantCluster } from "../gateways/tenant-cluster.ts";
import { templateRepository } from "./template-repository.ts";

export interface ObserveTemplatesDeps {
  readonly registry: RegistryDatabase;
  readonly cluster: Pick<TenantCluster, "watchTemplates">;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

/** Keeps in the registry which applications the cluster offers, one write after the other. Returns the way to stop it. */
export const observeTemplates = ({ registry, cluster, clock, onTrouble }: ObserveTemplatesDeps) => {
  let writing: Promise<void> = Promise.resolve();
  const stopWatching = cluster.watchTemplates((seen) => {
    writing = writing
      .then(() => registry.asPlatform((transaction) => templateRepository(transaction).observe(seen, clock.now())))
      .catch(onTrouble);
  });
  return async (): Promise<void> => {
    await stopWatching();
    await writing;
  };
};

import type { Tenant } from "../crds/index.ts";
import { kinds, typed } from "../kube/kinds.ts";
import type { Kube } from "../kube/kube.ts";
import { createReflector, type Reflector } from "../kube/reflector.ts";
import type { Log } from "./access-log.ts";
import type { HostTable } from "./host-table.ts";
import { vaultRouteOf, type VaultRoute } from "./vault-route.ts";

export interface TenantRoutesOptions {
  readonly kube: Kube;
  readonly table: HostTable;
  /** Only Tenants with these labels; as kubectl's -l. */
  readonly selector?: string | undefined;
  readonly log: Log;
}

/**
 * Keeps the table as the Tenants are, by watch events alone. While the API server is away nothing changes: vaults are
 * served by what was known last.
 */
export const watchTenantRoutes = ({ kube, table, selector, log }: TenantRoutesOptions): Reflector<VaultRoute> => {
  const reflector = createReflector<Tenant, VaultRoute>({
    kube,
    kind: typed<Tenant>(kinds.tenant),
    project: vaultRouteOf,
    labelSelector: selector,
    notice: ({ what, error, objects, retryInMs }) => {
      if (what === "failed") {
        const why = error instanceof Error ? error.message : String(error);
        log.warn(
          { why, retryInMs: Math.round(retryInMs ?? 0) },
          "Tenants cannot be watched; known vaults are served on",
        );
      }
      if (what === "listed") log.info({ tenants: objects }, "Tenants listed");
    },
    listenerFailed: (error, key) => log.error({ err: error, tenant: key }, "a Tenant could not be put into the table"),
  });
  reflector.subscribe(({ key, now }) => {
    if (now) table.set(now);
    else table.remove(key);
  });
  return reflector;
};

import type { DatabaseServer, RetainedVault, Tenant } from "../../crds/index.ts";
import type { Change } from "../../kube/reflector.ts";
import { from, type Source } from "../engine/controller.ts";
import { sameValue } from "../same-value.ts";
import { type TenantCaches, vaultIdOf } from "../tenant/caches.ts";

type Caches = Pick<TenantCaches, "retained" | "tenants" | "servers">;

/** Not the echo of our own messages. */
const recordChanged = ({ old, now }: Change<RetainedVault>): boolean =>
  !old ||
  !now ||
  old.metadata.generation !== now.metadata.generation ||
  old.metadata.deletionTimestamp !== now.metadata.deletionTimestamp ||
  old.status?.phase !== now.status?.phase ||
  !sameValue(old.metadata.annotations, now.metadata.annotations);

const isReady = (server: DatabaseServer | undefined): boolean =>
  server?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;

/** What wakes a record: itself, the Tenants that have or take its vault, and its server's return. */
export const retainedSources = ({ retained, tenants, servers }: Caches): Source[] => {
  const named = (index: "vault" | "server", value: string): string[] =>
    retained.byIndex(index, value).map(({ key }) => key);
  const ofTenant = (tenant: Tenant | undefined): string[] => {
    if (!tenant) return [];
    const vaultId = vaultIdOf(tenant);
    return [
      ...(vaultId === null ? [] : named("vault", vaultId)),
      ...(tenant.spec.restoreFrom ? [tenant.spec.restoreFrom] : []),
    ];
  };
  return [
    from(retained, (change) => (recordChanged(change) ? [change.key] : [])),
    from(tenants, ({ old, now }) => {
      const same =
        old !== undefined &&
        now !== undefined &&
        sameValue(old.metadata.finalizers, now.metadata.finalizers) &&
        vaultIdOf(old) === vaultIdOf(now);
      return same ? [] : [...ofTenant(old), ...ofTenant(now)];
    }),
    from(servers, ({ old, now, key }) => (!isReady(old) && isReady(now) ? named("server", key) : [])),
  ];
};

import type { DatabaseServer, RetainedVault, Tenant } from "../../crds/index.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import { StalledError } from "../outcome.ts";
import { serverNameOf, vaultIdOf } from "./caches.ts";
import type { TenantDeps } from "./deps.ts";
import { tenantKind } from "./gather.ts";
import { annotations, finalizer } from "./names.ts";

export const retainedKind = typed<RetainedVault>(kinds.retainedVault);

const isReady = ({ status }: DatabaseServer): boolean =>
  status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;

const room = ({ spec, status }: DatabaseServer): number => spec.capacity - (status?.databases ?? 0);

/** The server with the most room of those that are ready; null when there is none. */
export const place = (servers: DatabaseServer[]): string | null => {
  const open = servers.filter((server) => isReady(server) && server.spec.class === "shared" && room(server) > 0);
  const best = open.sort((a, b) => room(b) - room(a) || (a.metadata.name < b.metadata.name ? -1 : 1));
  return best[0]?.metadata.name ?? null;
};

const retainedFor = async (tenant: Tenant, deps: TenantDeps): Promise<RetainedVault | null> => {
  const name = tenant.spec.restoreFrom;
  if (!name || vaultIdOf(tenant) !== null) return null;
  const retained = await deps.kube.find(retainedKind, { name });
  if (retained) return retained;
  throw new StalledError(
    "RetainedVaultMissing",
    `There is no RetainedVault "${name}" to restore from: see kubectl get retainedvaults.`,
  );
};

/**
 * Gives a tenant what must stand before anything is built: its lasting identity, the server it lives on, and the
 * finalizer that keeps it until all is taken down. One write, only when something is missing; the identity is the
 * Tenant's own UID, or that of the vault it brings back.
 */
export const claim = async (tenant: Tenant, deps: TenantDeps): Promise<Tenant> => {
  const retained = await retainedFor(tenant, deps);
  const vaultId = vaultIdOf(tenant) ?? retained?.spec.vaultId ?? tenant.metadata.uid;
  const servers = [...deps.caches.servers.values()].map((cached) => cached.value);
  const server = serverNameOf(tenant) ?? retained?.spec.databaseServer ?? place(servers);
  const finalizers = tenant.metadata.finalizers ?? [];
  const claimed =
    vaultIdOf(tenant) === vaultId &&
    (tenant.metadata.annotations?.[annotations.databaseServer] ?? null) === server &&
    finalizers.includes(finalizer);
  if (claimed) return tenant;
  return deps.kube.patch(
    tenantKind,
    { name: tenant.metadata.name },
    {
      metadata: {
        uid: tenant.metadata.uid,
        resourceVersion: tenant.metadata.resourceVersion,
        finalizers: finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer],
        annotations: { [annotations.vaultId]: vaultId, ...(server ? { [annotations.databaseServer]: server } : {}) },
      },
    },
  );
};

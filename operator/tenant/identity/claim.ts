import type { DatabaseServer, RetainedVault, Tenant } from "../../../crds/index.ts";
import { serverNameOf, vaultIdOf } from "../caches.ts";
import type { TenantDeps } from "../deps.ts";
import { tenantKind } from "../gather.ts";
import { annotations, finalizer, labels } from "../names.ts";
import { findHome, findRetained, requireVaultId, takeRetained } from "./restore.ts";

const isReady = ({ status }: DatabaseServer): boolean =>
  status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;

const room = ({ spec, status }: DatabaseServer): number => spec.capacity - (status?.databases ?? 0);

/** The server with the most room of those that are ready; null when there is none. */
export const place = (servers: DatabaseServer[]): string | null => {
  const open = servers.filter((server) => isReady(server) && server.spec.class === "shared" && room(server) > 0);
  const best = open.sort((a, b) => room(b) - room(a) || (a.metadata.name < b.metadata.name ? -1 : 1));
  return best[0]?.metadata.name ?? null;
};

const chooseServer = async (
  tenant: Tenant,
  retained: RetainedVault | null,
  deps: TenantDeps,
): Promise<string | null> => {
  if (retained) return retained.spec.databaseServer;
  const vaultId = vaultIdOf(tenant);
  const isBrought = vaultId !== null && vaultId !== tenant.metadata.uid;
  const known = tenant.metadata.annotations?.[annotations.databaseServer];
  const home = isBrought && known === undefined ? await findHome(tenant, vaultId, deps) : null;
  const servers = [...deps.caches.servers.values()].map((cached) => cached.value);
  return home ?? serverNameOf(tenant) ?? place(servers);
};

/**
 * Gives a tenant what must stand before anything is built: its lasting identity, the server it lives on, and the
 * finalizer that keeps it until all is taken down. One write, only when something is missing; the identity is the
 * Tenant's own UID, that of the vault it brings back, or the one it came back with itself.
 */
export const claim = async (seen: Tenant, deps: TenantDeps): Promise<Tenant> => {
  requireVaultId(seen);
  const retained = await findRetained(seen, deps);
  const tenant = retained ? await takeRetained(seen, retained, deps) : seen;
  const vaultId = retained?.spec.vaultId ?? vaultIdOf(tenant) ?? tenant.metadata.uid;
  const server = await chooseServer(tenant, retained, deps);
  const { name, uid, resourceVersion, finalizers = [] } = tenant.metadata;
  const written = tenant.metadata.annotations ?? {};
  const claimed =
    written[annotations.vaultId] === vaultId &&
    tenant.metadata.labels?.[labels.vaultId] === vaultId &&
    (written[annotations.databaseServer] ?? null) === server &&
    finalizers.includes(finalizer);
  if (claimed) return tenant;
  return deps.kube.patch(
    tenantKind,
    { name },
    {
      metadata: {
        uid,
        resourceVersion,
        finalizers: finalizers.includes(finalizer) ? finalizers : [...finalizers, finalizer],
        // By the label it is found at the API server itself, before anything of the vault is destroyed.
        labels: { [labels.vaultId]: vaultId },
        annotations: { [annotations.vaultId]: vaultId, ...(server ? { [annotations.databaseServer]: server } : {}) },
      },
    },
  );
};

import type { DatabaseServer, RetainedVault, Tenant, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import type { EndpointSlice } from "../../kube/kinds.ts";
import type { Reflector } from "../../kube/reflector.ts";
import { isVaultId } from "../database/names.ts";
import type { ChildKind, ChildProjection } from "./children/children.ts";
import { annotations, namespaceOf } from "./names.ts";

/** What of an EndpointSlice is kept: whether the vault has a pod that is ready. */
export type EndpointsProjection = { namespace: string; service: string; ready: number };

/** Everything the tenant reconciler reads without asking the API server. */
export type TenantCaches = {
  tenants: Reflector<Tenant>;
  templates: Reflector<VaultTemplate>;
  releases: Reflector<VaultRelease>;
  servers: Reflector<DatabaseServer>;
  retained: Reflector<RetainedVault>;
  children: Readonly<Record<ChildKind, Reflector<ChildProjection>>>;
  endpoints: Reflector<EndpointsProjection>;
};

/** Ways to find tenants other than by slug. */
export const tenantIndexes = {
  vault: (tenant: Tenant): string[] => listOf(vaultIdOf(tenant)),
  namespace: (tenant: Tenant): string[] => listOf(vaultIdOf(tenant)).map(namespaceOf),
  template: (tenant: Tenant): string[] => [tenant.spec.template],
  host: (tenant: Tenant): string[] => tenant.spec.hosts ?? [],
  server: (tenant: Tenant): string[] => listOf(serverNameOf(tenant)),
  release: (tenant: Tenant): string[] => listOf(tenant.status?.release?.name ?? null),
  restoreFrom: (tenant: Tenant): string[] => listOf(tenant.spec.restoreFrom ?? null),
  deleting: (tenant: Tenant): string[] => (tenant.metadata.deletionTimestamp ? ["yes"] : []),
  rotating: ({ status }: Tenant): string[] =>
    status?.rotation?.database?.startedAt || status?.rotation?.signing?.startedAt ? ["yes"] : [],
};

/** By place and not by label: what stands in a vault's namespace is that vault's, whatever a hand wrote on it. */
export const childIndexes = { namespace: (child: ChildProjection): string[] => [child.namespace ?? child.name] };
export const retainedIndexes = {
  vault: ({ spec }: RetainedVault): string[] => [spec.vaultId],
  server: ({ spec }: RetainedVault): string[] => [spec.databaseServer],
  release: ({ spec }: RetainedVault): string[] => [spec.release],
};
export const endpointsIndexes = { namespace: (slice: EndpointsProjection): string[] => [slice.namespace] };

const listOf = (value: string | null): string[] => (value === null ? [] : [value]);

/**
 * The vault id that a Tenant carries, or null before it is claimed. Once its vault has run, the status has it: an edit
 * of the annotation by hand cannot take a vault from its Tenant.
 */
export const vaultIdOf = ({ metadata, status }: Tenant): string | null => {
  if (status?.release && status.vaultId) return status.vaultId;
  const written = metadata.annotations?.[annotations.vaultId];
  return written !== undefined && isVaultId(written) ? written : null;
};

/** The server that a Tenant lives on: its own wish first, then where it was placed. */
export const serverNameOf = (tenant: Tenant): string | null =>
  tenant.metadata.annotations?.[annotations.databaseServer] ?? tenant.spec.databaseServer ?? null;

/** The resource without what only the API server needs. */
export const withoutManagedFields = <T extends { metadata: object }>(object: T): T => ({
  ...object,
  metadata: Object.fromEntries(Object.entries(object.metadata).filter(([key]) => key !== "managedFields")),
});

/** Keeps an EndpointSlice as the number of its pods that are ready. */
export const projectEndpoints = (slice: EndpointSlice): EndpointsProjection | undefined => {
  const namespace = slice.metadata?.namespace;
  const service = slice.metadata?.labels?.["kubernetes.io/service-name"];
  if (!namespace || !service) return undefined;
  const ready = (slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready !== false).length;
  return { namespace, service, ready };
};

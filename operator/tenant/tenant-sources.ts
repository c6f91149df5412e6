import type {
  Condition,
  DatabaseServer,
  RetainedVault,
  Tenant,
  VaultRelease,
  VaultTemplate,
} from "../../crds/index.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kind, Kube } from "../../kube/kube.ts";
import { createSharedStrings } from "../../kube/shared-strings.ts";
import { createReflector, type Change, type Reflector, type ReflectorOptions } from "../../kube/reflector.ts";
import { from, type Source } from "../engine/controller.ts";
import { sameValue } from "../same-value.ts";
import {
  childIndexes,
  type EndpointsProjection,
  endpointsIndexes,
  projectEndpoints,
  retainedIndexes,
  serverNameOf,
  tenantIndexes,
  type TenantCaches,
  withoutManagedFields,
} from "./caches.ts";
import { childKinds, type ChildKind, type ChildProjection, projectChild } from "./children/children.ts";
import { tenantKind } from "./gather.ts";
import { labels, managedBy } from "./names.ts";
import { retainedKind } from "./deletion/retain.ts";

export type CacheOptions = Pick<ReflectorOptions<never, never>, "notice" | "listenerFailed"> & {
  /** Label selector of the Tenants that this operator keeps; empty is all. */
  selector: string;
};

const ourChildren = `${labels.managedBy}=${managedBy},${labels.vaultId}`;

/** The caches that the tenant reconciler reads; nothing is asked before their sources start. */
export const createTenantCaches = (kube: Kube, { selector, ...options }: CacheOptions): TenantCaches => {
  const common = { ...options, share: createSharedStrings() };
  const whole = <T extends { metadata: object }>(kind: Kind<T>) =>
    createReflector<T, T>({ ...common, kube, kind, project: withoutManagedFields });
  const child = (kind: ChildKind): Reflector<ChildProjection> =>
    createReflector({
      ...common,
      kube,
      kind: childKinds[kind],
      labelSelector: ourChildren,
      project: projectChild(kind),
      indexes: childIndexes,
    });
  return {
    tenants: createReflector<Tenant, Tenant>({
      ...common,
      kube,
      kind: tenantKind,
      labelSelector: selector,
      project: withoutManagedFields,
      indexes: tenantIndexes,
    }),
    templates: whole(typed<VaultTemplate>(kinds.vaultTemplate)),
    releases: whole(typed<VaultRelease>(kinds.vaultRelease)),
    servers: whole(typed<DatabaseServer>(kinds.databaseServer)),
    retained: createReflector<RetainedVault, RetainedVault>({
      ...common,
      kube,
      kind: retainedKind,
      project: withoutManagedFields,
      indexes: retainedIndexes,
    }),
    children: Object.fromEntries((Object.keys(childKinds) as ChildKind[]).map((kind) => [kind, child(kind)])) as Record<
      ChildKind,
      Reflector<ChildProjection>
    >,
    endpoints: createReflector({
      ...common,
      kube,
      kind: kinds.endpointSlice,
      labelSelector: labels.vaultId,
      project: projectEndpoints,
      indexes: endpointsIndexes,
    }),
  };
};

const marksOf = ({ metadata }: Tenant) => [metadata.annotations, metadata.labels, metadata.finalizers];

/** Not the echo of our own status: only what a person or another program changed. */
const tenantChanged = ({ old, now }: Change<Tenant>): boolean =>
  !old ||
  !now ||
  old.metadata.generation !== now.metadata.generation ||
  old.metadata.deletionTimestamp !== now.metadata.deletionTimestamp ||
  !sameValue(marksOf(old), marksOf(now));

const sameJson = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

type WithReady = { spec: unknown; status?: { conditions?: Condition[] | undefined } };

const readiness = (object: WithReady | undefined) =>
  object?.status?.conditions?.filter(({ type }) => type === "Ready").map(({ status, reason }) => [status, reason]);

const specOrReadyChanged = ({ old, now }: { old?: WithReady | undefined; now?: WithReady | undefined }): boolean =>
  !sameJson(old?.spec, now?.spec) || !sameJson(readiness(old), readiness(now));

const goldenStates = (release: VaultRelease | undefined) =>
  release?.status?.goldenTemplates?.map(({ server, state, message }) => [server, state, message]);

/** What wakes a tenant: itself, what it owns, and what it is made from. */
export const tenantSources = (caches: TenantCaches): Source[] => {
  const slugs = (index: keyof typeof tenantIndexes, value: string): string[] =>
    caches.tenants.byIndex(index, value).map(({ key }) => key);
  const homeless = (): string[] =>
    [...caches.tenants.values()].filter(({ value }) => serverNameOf(value) === null).map(({ key }) => key);
  const byNamespace = ({ old, now }: Change<EndpointsProjection>): string[] => {
    const namespace = now?.namespace ?? old?.namespace ?? "";
    if ((old?.ready ?? 0) > 0 === (now?.ready ?? 0) > 0) return [];
    return slugs("namespace", namespace);
  };
  /** A host that comes or goes concerns whoever else asks for it: one of them may have it now. */
  const rivals = ({ old, now }: Change<Tenant>): string[] => {
    const [before, after] = [old?.spec.hosts ?? [], now?.spec.hosts ?? []];
    return sameJson(before, after) ? [] : [...before, ...after].flatMap((host) => slugs("host", host));
  };
  return [
    from(caches.tenants, (change) => [...(tenantChanged(change) ? [change.key] : []), ...rivals(change)]),
    from(caches.templates, (change) => (specOrReadyChanged(change) ? slugs("template", change.key) : [])),
    from(caches.releases, (change) => {
      const { old, now } = change;
      const same = sameJson(goldenStates(old), goldenStates(now)) && old !== undefined && now !== undefined;
      return same ? [] : slugs("template", (now ?? old).spec.template);
    }),
    from(caches.servers, (change) =>
      specOrReadyChanged(change) ? [...slugs("server", change.key), ...homeless()] : [],
    ),
    from(caches.retained, ({ old, now, key }) => {
      const same = old?.status?.phase === now?.status?.phase && old !== undefined && now !== undefined;
      return same ? [] : [...slugs("restoreFrom", key), ...slugs("vault", (now ?? old).spec.vaultId)];
    }),
    ...Object.values(caches.children).map((reflector) =>
      from(reflector, ({ old, now }) => {
        const { namespace, name } = now ?? old;
        return sameJson(old, now) ? [] : slugs("namespace", namespace ?? name);
      }),
    ),
    from(caches.endpoints, byNamespace),
  ];
};

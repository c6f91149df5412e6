import { typed, kinds } from "../../kube/kinds.ts";
import type { Tenant, VaultTemplate } from "../../crds/index.ts";
import { serverNameOf, vaultIdOf } from "./caches.ts";
import { childKinds, type ChildKind, type ChildProjection } from "./children/children.ts";
import { comesFirst } from "./identity/comes-first.ts";
import type { TenantDeps } from "./deps.ts";
import { annotations, labels, namespaceOf, vaultName } from "./names.ts";
import { podTrouble } from "./pod-trouble.ts";
import { chooseRelease, wantedReleaseName } from "./upgrade/release-choice.ts";
import { isAhead, isRotating } from "./rotation/rotation.ts";
import { RetryableError } from "../outcome.ts";
import { childKey, type SecretsInUse, type WorkloadView, type World } from "./world.ts";

export const tenantKind = typed<Tenant>(kinds.tenant);

/** The tenant that came first of those that claim the same thing; by creation, then by name. */
const firstOther = (tenant: Tenant, others: Tenant[]): Tenant | null => {
  const age = (one: Tenant) => `${one.metadata.creationTimestamp} ${one.metadata.name}`;
  return others.find((one) => one.metadata.uid !== tenant.metadata.uid && age(one) < age(tenant)) ?? null;
};

const firstHolder = (tenant: Tenant, others: Tenant[], vaultId: string): Tenant | null =>
  others.find((one) => one.metadata.uid !== tenant.metadata.uid && comesFirst(one, tenant, vaultId)) ?? null;

const wantedRelease = (tenant: Tenant, template: VaultTemplate | null, deps: TenantDeps): World["wanted"] => {
  const name = wantedReleaseName(tenant, template);
  return { name, release: name === null ? null : (deps.caches.releases.get(name)?.value ?? null) };
};

/** The release to run, and how its migration went while that is what it waits for. */
const releaseOf = async (
  known: Pick<World, "tenant" | "wanted" | "server" | "database" | "workload">,
  deps: TenantDeps,
): Promise<Pick<World, "release" | "hold" | "migration">> => {
  const { tenant, wanted, server, database, workload } = known;
  const running = deps.caches.releases.get(tenant.status?.release?.name ?? "")?.value ?? null;
  const choice = chooseRelease({
    tenant,
    running,
    wanted: wanted.release,
    schema: database?.schema ?? null,
    deployed: workload.digest,
    server: server?.name ?? null,
    now: deps.clock.now(),
  });
  const name = database?.database?.name;
  if (choice.hold?.why !== "Migration" || !server?.handle || !wanted.name || !name)
    return { ...choice, migration: null };
  const facts = await server.handle.observeMigrations(wanted.name, name);
  return { ...choice, migration: facts.get(name) ?? null };
};

const hostRival = (tenant: Tenant, deps: TenantDeps): World["hostRival"] => {
  for (const host of tenant.spec.hosts ?? []) {
    const others = deps.caches.tenants.byIndex("host", host).map((cached) => cached.value);
    const rival = firstOther(tenant, others);
    if (rival) return { host, tenant: rival.metadata.name };
  }
  return null;
};

const childrenOf = (vaultId: string | null, deps: TenantDeps, overlay: ReadonlyMap<string, ChildProjection>) => {
  const found = new Map<string, ChildProjection>();
  if (vaultId === null) return found;
  for (const kind of Object.keys(childKinds) as ChildKind[]) {
    for (const { value } of deps.caches.children[kind].byIndex("namespace", namespaceOf(vaultId)))
      found.set(childKey(kind, value.name), value);
  }
  for (const [key, child] of overlay) found.set(key, child);
  return found;
};

const workloadOf = async (world: Pick<World, "vaultId" | "children">, deps: TenantDeps): Promise<WorkloadView> => {
  const rollout = world.children.get(childKey("Deployment", vaultName))?.rollout;
  if (!rollout || world.vaultId === null) {
    return { exists: false, available: false, rolledOut: false, replicas: 0, digest: null, trouble: null };
  }
  const available = rollout.replicas > 0 && rollout.available > 0;
  const { replicas, observed, updated, total } = rollout;
  // As `kubectl rollout status` has it: pods of an earlier revision are available too, and do not count.
  const rolledOut = observed && updated >= replicas && total <= updated && rollout.available >= replicas;
  const settled = replicas === 0 || (available && rolledOut);
  const trouble = settled ? null : ((await podTrouble(deps.kube, namespaceOf(world.vaultId))) ?? rollout.trouble);
  return { exists: true, available, rolledOut, replicas, digest: rollout.digest, trouble };
};

/** Asked from the API server, which also knows the pods that are stopping; no Deployment's status counts those. */
const secretsInUse = async (
  world: Pick<World, "tenant" | "vaultId" | "database" | "children">,
  deps: TenantDeps,
): Promise<SecretsInUse | null> => {
  const underWay = isRotating(world.tenant.status) || isAhead(world);
  const deployment = world.children.get(childKey("Deployment", vaultName))?.rollout?.secrets;
  if (!underWay || world.vaultId === null || deployment === undefined) return null;
  const namespace = namespaceOf(world.vaultId);
  const pods = await deps.kube.list(kinds.pod, { namespace, labelSelector: `${labels.name}=${vaultName}` });
  const running = pods.filter(({ status }) => status?.phase !== "Failed" && status?.phase !== "Succeeded");
  return { deployment, pods: running.map(({ metadata }) => metadata?.annotations?.[annotations.secretVersions] ?? "") };
};

const observeDatabase = async (
  vaultId: string | null,
  server: World["server"],
): Promise<Pick<World, "database" | "databaseError">> => {
  if (vaultId === null || !server?.handle) return { database: null, databaseError: null };
  try {
    return { database: await server.handle.observe(vaultId), databaseError: null };
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    return { database: null, databaseError: { reason: error.reason, message: error.message } };
  }
};

/**
 * Reads the world of one tenant: from the caches, its database server, and, where pods do not come up, the API server.
 * `overlay` holds what the API server answered to our own writes, which the caches may not have seen yet.
 */
export const gather = async (
  tenant: Tenant,
  deps: TenantDeps,
  overlay: ReadonlyMap<string, ChildProjection> = new Map(),
): Promise<World> => {
  const { caches } = deps;
  const vaultId = vaultIdOf(tenant);
  const template = caches.templates.get(tenant.spec.template)?.value ?? null;
  const serverName = serverNameOf(tenant);
  const server =
    serverName === null
      ? null
      : {
          name: serverName,
          resource: caches.servers.get(serverName)?.value ?? null,
          handle: deps.servers.get(serverName) ?? null,
        };
  const wanted = wantedRelease(tenant, template, deps);
  const children = childrenOf(vaultId, deps, overlay);
  const [database, workload] = await Promise.all([
    observeDatabase(vaultId, server),
    workloadOf({ vaultId, children }, deps),
  ]);
  const sameVault = vaultId === null ? [] : caches.tenants.byIndex("vault", vaultId).map((cached) => cached.value);
  const endpoints = vaultId === null ? [] : caches.endpoints.byIndex("namespace", namespaceOf(vaultId));
  return {
    tenant,
    vaultId,
    rival: vaultId === null ? null : (firstHolder(tenant, sameVault, vaultId)?.metadata.name ?? null),
    hostRival: hostRival(tenant, deps),
    template,
    plan: template?.spec.plans[tenant.spec.plan] ?? null,
    wanted,
    ...(await releaseOf({ tenant, wanted, server, ...database, workload }, deps)),
    server,
    ...database,
    children,
    workload,
    secretsInUse: await secretsInUse({ tenant, vaultId, children, ...database }, deps),
    endpointsReady: endpoints.some(({ value }) => value.service === vaultName && value.ready > 0),
  };
};

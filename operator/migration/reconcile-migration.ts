import type {
  DatabaseServer as DatabaseServerResource,
  Tenant,
  VaultRelease,
  VaultTemplate,
} from "../../crds/index.ts";
import type { Reason } from "../../crds/reasons.ts";
import type { Job } from "../../kube/kinds.ts";
import type { Reflector } from "../../kube/reflector.ts";
import type { DatabaseServers } from "../database/tenant-database.ts";
import type { Reconcile } from "../engine/controller.ts";
import { outcomeOf } from "../kube-outcome.ts";
import { done, type Outcome, wait } from "../outcome.ts";
import type { FollowerBoard } from "./follower-board.ts";
import { type Follower, type FollowerCounts, followersOf, planFleet } from "./followers.ts";
import { readRun } from "./read-run.ts";
import {
  currentJob,
  type FleetTarget,
  listOf,
  removeRun,
  seriesOf,
  startRun,
  sustainRun,
  type WorkerDeps,
} from "./worker-run.ts";

export interface MigrationDeps extends WorkerDeps {
  caches: {
    tenants: Pick<Reflector<Tenant>, "byIndex">;
    releases: Pick<Reflector<VaultRelease>, "get">;
    templates: Pick<Reflector<VaultTemplate>, "get">;
    servers: Pick<Reflector<DatabaseServerResource>, "get">;
  };
  servers: DatabaseServers;
  board: FollowerBoard;
  /** A Tenant's database came to a verdict: it is looked at again at once. */
  wakeTenant: (slug: string) => void;
  tell?: (release: VaultRelease, event: { type: "Normal" | "Warning"; reason: Reason; message: string }) => void;
}

/** The key of one release on one server, and back. */
export const fleetKey = (release: string, server: string): string => `${release}/${server}`;
const partsOf = (key: string): { releaseName: string; serverName: string } => {
  const [releaseName = "", serverName = ""] = key.split("/");
  return { releaseName, serverName };
};

/** How soon a run at work is read again; results are read as they come, so that nobody waits for the slowest. */
const readAgainMs = 1_000;
/** A change wakes the key; this is for what no change tells, such as a Tenant's next try. */
const lookAgainMs = 60_000;

const isGoldenReady = ({ status }: VaultRelease, server: string): boolean =>
  status?.goldenTemplates?.some((golden) => golden.server === server && golden.state === "Ready") ?? false;

/** All that a fleet's migration needs, or null while something is missing; the release's conditions say what. */
const targetOf = (key: string, { caches, servers }: MigrationDeps): FleetTarget | null => {
  const { releaseName, serverName } = partsOf(key);
  const release = caches.releases.get(releaseName)?.value;
  const resource = caches.servers.get(serverName)?.value;
  const server = servers.get(serverName);
  if (!release || release.metadata.deletionTimestamp || !resource || !server) return null;
  const template = caches.templates.get(release.spec.template)?.value;
  return template && isGoldenReady(release, serverName) ? { release, template, resource, server } : null;
};

/** A new leader knows its servers before it has reached them, and nothing tells when it has. */
const withoutTarget = (key: string, { caches, servers }: MigrationDeps): Outcome => {
  const { serverName } = partsOf(key);
  if (!caches.servers.get(serverName) || servers.get(serverName)) return done();
  const message = `The operator is connecting to the DatabaseServer "${serverName}".`;
  return wait(readAgainMs, "DatabaseServerConnecting", message);
};

interface Fleet {
  target: FleetTarget;
  followers: Follower[];
}

const wake = ({ followers }: Fleet, databases: readonly string[], { wakeTenant }: MigrationDeps): void => {
  const settled = new Set(databases);
  for (const { slug, database } of followers) if (settled.has(database)) wakeTenant(slug);
};

const planOf = async ({ target, followers }: Fleet, deps: MigrationDeps) => {
  const { release, server } = target;
  const facts = await server.observeMigrations(release.metadata.name);
  const plan = planFleet(followers, facts, release.spec.schemaVersion, deps.clock.now());
  deps.board.put(release.metadata.name, server.name, plan.counts);
  return { facts, plan };
};

/** How the fleet stands after a run. */
const tellOf = (
  release: VaultRelease,
  { pending, failing, failingSlugs }: FollowerCounts,
  deps: MigrationDeps,
): void => {
  const { name } = release.metadata;
  if (failing > 0) {
    const message = `The migration to ${name} failed for ${failingSlugs.join(", ")}${failing > failingSlugs.length ? " and more" : ""}.`;
    deps.tell?.(release, { type: "Warning", reason: "MigrationFailed", message });
  } else if (pending === 0) {
    const message = "Every database that was due has the release's schema.";
    deps.tell?.(release, { type: "Normal", reason: "Migrated", message });
  }
};

const advance = async (fleet: Fleet, job: Job, deps: MigrationDeps): Promise<Outcome> => {
  const { target } = fleet;
  const { facts, plan } = await planOf(fleet, deps);
  const list = await listOf(job, deps);
  await sustainRun(target, job, list ? null : plan.due, deps);
  const { settled, over } = await readRun(target, job, list ?? [], facts, deps);
  wake(
    fleet,
    settled.map(({ database }) => database),
    deps,
  );
  if (over) {
    await removeRun(job, deps);
    tellOf(target.release, (await planOf(fleet, deps)).plan.counts, deps);
  }
  return wait(readAgainMs, "Migrating", "Databases are being migrated.");
};

const begin = async (fleet: Fleet, deps: MigrationDeps): Promise<Outcome> => {
  const { target, followers } = fleet;
  const { plan } = await planOf(fleet, deps);
  if (plan.due.length > 0) {
    await startRun(target, plan.due, deps);
    const { release, server } = target;
    const message = `${plan.due.length} databases on "${server.name}" are migrated to schema ${release.spec.schemaVersion}.`;
    deps.tell?.(release, { type: "Normal", reason: "Migrating", message });
    return wait(readAgainMs, "Migrating", message);
  }
  await target.server.endMigrations(seriesOf(target));
  if (followers.length === 0) return done();
  const next = plan.nextAt ? plan.nextAt.getTime() - deps.clock.now().getTime() : lookAgainMs;
  return wait(Math.min(Math.max(next, 0), lookAgainMs), "Migrated", "No database is to be migrated now.");
};

/**
 * The databases of all Tenants that follow a release, on one server: its golden template first, then one worker at a time
 * over all that are due. Level-triggered: what is on record and in the databases says what is left, so that the operator
 * and the worker may be killed at any point.
 */
export const reconcileMigration = (deps: MigrationDeps): Reconcile => {
  const reconcile = async (key: string): Promise<Outcome> => {
    const target = targetOf(key, deps);
    if (!target) return withoutTarget(key, deps);
    const tenants = deps.caches.tenants.byIndex("server", target.server.name).map(({ value }) => value);
    const fleet = { target, followers: followersOf(tenants, target.template, target.release) };
    const job = await currentJob(target, deps);
    return job ? advance(fleet, job, deps) : begin(fleet, deps);
  };
  return (key) => reconcile(key).catch(outcomeOf);
};

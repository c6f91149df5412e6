import type { EventRecorder } from "./engine/events.ts";
import { createEventRecorder } from "./engine/events.ts";
import { createController, type Controller, type Log, type Reconcile, type Source } from "./engine/controller.ts";
import { guardedKube } from "./engine/guarded-kube.ts";
import { type Leadership, leaseName } from "./engine/leader.ts";
import type { EngineMetrics } from "./engine/metrics.ts";
import type { Work } from "./engine/run-leader.ts";
import { kinds } from "../kube/kinds.ts";
import type { Kind, Kube, KubeObject, PodLogs } from "../kube/kube.ts";
import { systemTimer } from "../kube/clock.ts";
import type { WatchNotice } from "../kube/watch-loop.ts";
import type { OperatorConfig } from "./config.ts";
import { databaseServerSources, reconcileDatabaseServer } from "./database-server/reconcile-database-server.ts";
import type { FencedError } from "./database/errors.ts";
import { createPgServers } from "./database/pg-servers.ts";
import { exportBreakerMetrics } from "./deletion/breaker-metrics.ts";
import { createDeletionBook } from "./deletion/deletion-book.ts";
import { createFollowerBoard, type FollowerBoard } from "./migration/follower-board.ts";
import { migrationSources } from "./migration/migration-sources.ts";
import { reconcileMigration } from "./migration/reconcile-migration.ts";
import { createMigrationJobs, releaseSources } from "./release/release-sources.ts";
import { releaseUsers } from "./release/release-users.ts";
import { reconcileRelease } from "./release/reconcile-release.ts";
import { reconcileTemplate, templateSources } from "./template/reconcile-template.ts";
import { reconcileRetainedVault } from "./retained-vault/reconcile-retained-vault.ts";
import { retainedSources } from "./retained-vault/retained-sources.ts";
import { createSecrets } from "./secrets.ts";
import { createDesiredMemory } from "./tenant/children/desired-memory.ts";
import { createDriftLedger } from "./tenant/drift/drift-ledger.ts";
import { countDrift } from "./tenant/drift/drift-metrics.ts";
import { sweepServer } from "./tenant/drift/sweep-server.ts";
import { isHeld } from "./tenant/deletion/admit-deletion.ts";
import { isSettled } from "./tenant/deletion/retain.ts";
import { reconcileTenant } from "./tenant/reconcile-tenant.ts";
import { rotationSource } from "./tenant/rotation/rotation-source.ts";
import { exportTenantMetrics } from "./tenant/tenant-metrics.ts";
import { createTenantCaches, tenantSources } from "./tenant/tenant-sources.ts";

export type WorkOptions = {
  config: OperatorConfig;
  kube: Kube & PodLogs;
  metrics: EngineMetrics;
  log: Log;
  /** A newer leader has fenced this one off: the process must end. */
  onFenced: (error: FencedError) => void;
  /** Whether that has happened: nothing more is written then. */
  fenced: () => boolean;
};

type Telling = { type: "Normal" | "Warning"; reason: string; message: string };

const teller =
  (recorder: EventRecorder, kind: Kind, action: string) =>
  (object: KubeObject, { type, reason, message }: Telling): void =>
    recorder.record(kind, object, { type, reason, action, note: message });

const noticer =
  ({ metrics, log }: WorkOptions) =>
  (notice: WatchNotice): void => {
    metrics.onNotice(notice);
    log.debug({ ...notice }, "watch");
  };

/** What all controllers of one leadership share. */
const createScene = (options: WorkOptions, leadership: Leadership) => {
  const { config, log } = options;
  const clock = systemTimer();
  const kube = guardedKube(options.kube, () => leadership.holds() && !options.fenced());
  const notice = noticer(options);
  return {
    config,
    clock,
    kube,
    caches: createTenantCaches(kube, { selector: config.selector, notice }),
    jobs: createMigrationJobs(kube, config.migrationsNamespace, { notice }),
    secrets: createSecrets(config.masterKey),
    drift: createDriftLedger(clock, countDrift(options.metrics.registry)),
    desired: createDesiredMemory(),
    recorder: createEventRecorder({ kube, log, controller: "polyphony.dev/operator", instance: config.identity }),
    servers: createPgServers({
      epoch: leadership.epoch,
      instance: config.instance === "" ? "polyphony" : config.instance,
      holder: config.identity,
      clock,
      onFenced: options.onFenced,
    }),
    controller: (name: string, sources: Source[], reconcile: Reconcile, concurrency: number): Controller => {
      const { metrics } = options;
      const { observe } = metrics;
      const made = createController({ name, sources, reconcile, log, concurrency, observe, signal: leadership.signal });
      metrics.watch(made);
      return made;
    },
  };
};
type Scene = ReturnType<typeof createScene>;

const countTenants =
  ({ caches }: Scene, index: "server" | "release" | "template") =>
  (name: string): number =>
    caches.tenants.byIndex(index, name).length;

/** The same, or null before the Tenants were read: nothing is let go on a count that only seems to be zero. */
const countKnownTenants =
  (scene: Scene, index: "server" | "release") =>
  (name: string): number | null =>
    scene.caches.tenants.synced() && scene.caches.retained.synced() ? countTenants(scene, index)(name) : null;

/** Retained vaults that may yet come back, and need what they came from. */
const countRetained =
  ({ caches }: Scene, index: "server" | "release") =>
  (name: string): number =>
    caches.retained.byIndex(index, name).filter(({ value }) => !isSettled(value)).length;

const databaseServerController = (scene: Scene, tenants: Controller): Controller => {
  const cache = scene.caches.servers;
  const tell = teller(scene.recorder, kinds.databaseServer, "Probe");
  const reconcile = reconcileDatabaseServer({
    ...scene,
    cache,
    tell,
    tenantsOn: countKnownTenants(scene, "server"),
    retainedOn: countRetained(scene, "server"),
    swept: (server, facts) => sweepServer(server, facts, scene.caches).forEach((slug) => tenants.enqueue(slug)),
  });
  return scene.controller("database-server", databaseServerSources(cache), reconcile, 8);
};

const releaseController = (scene: Scene, followersOf: FollowerBoard["of"]): Controller => {
  const { config, caches, jobs } = scene;
  const reconcile = reconcileRelease({
    ...scene,
    namespace: config.migrationsNamespace,
    imagePullSecrets: config.settings.imagePullSecrets,
    tenantsOf: countKnownTenants(scene, "release"),
    usersOf: releaseUsers(caches),
    followersOf,
    retainedOf: countRetained(scene, "release"),
    tell: teller(scene.recorder, kinds.vaultRelease, "Prepare"),
  });
  return scene.controller("release", releaseSources({ ...caches, jobs }), reconcile, 8);
};

const migrationController = (scene: Scene, logs: PodLogs, board: FollowerBoard, tenants: Controller): Controller => {
  const { config, caches, jobs } = scene;
  const reconcile = reconcileMigration({
    ...scene,
    logs,
    board,
    namespace: config.migrationsNamespace,
    imagePullSecrets: config.settings.imagePullSecrets,
    wakeTenant: (slug) => tenants.enqueue(slug),
    tell: teller(scene.recorder, kinds.vaultRelease, "Migrate"),
  });
  return scene.controller("migration", migrationSources({ ...caches, jobs }), reconcile, 8);
};

const templateController = (scene: Scene): Controller => {
  const { kube, caches } = scene;
  const reconcile = reconcileTemplate({ ...caches, kube, tenantsOf: countTenants(scene, "template") });
  return scene.controller("template", templateSources(caches), reconcile, 2);
};

const retainedVaultController = (scene: Scene): Controller =>
  scene.controller(
    "retained-vault",
    retainedSources(scene.caches),
    reconcileRetainedVault({ ...scene, tell: teller(scene.recorder, kinds.retainedVault, "Retain") }),
    4,
  );

/** One book for each installation, named as its Lease is. */
const deletionsOf = ({ config, kube, clock }: Scene) => ({
  breaker: config.deletionBreaker,
  book: createDeletionBook({
    kube,
    clock,
    namespace: config.namespace,
    name: leaseName("polyphony-deletions", config.selector),
  }),
});

const tenantController = (scene: Scene): Controller => {
  const { config, caches } = scene;
  const made: Controller = scene.controller(
    "tenant",
    [
      ...tenantSources(caches),
      rotationSource(caches, { afterMs: config.settings.rotateSecretsAfterMs, timer: scene.clock }),
    ],
    reconcileTenant({
      ...scene,
      settings: config.settings,
      deletions: deletionsOf(scene),
      tell: teller(scene.recorder, kinds.tenant, "Reconcile"),
      backlog: () => made.gauges.depth() + made.gauges.running(),
    }),
    config.tenantsInFlight,
  );
  return made;
};

/** All that an operator does while it leads: servers, releases, templates, tenants, each with a controller of its own. */
export const createWork = (options: WorkOptions, leadership: Leadership): Work => {
  const scene = createScene(options, leadership);
  exportTenantMetrics({ ...scene, registry: options.metrics.registry });
  exportBreakerMetrics({
    registry: options.metrics.registry,
    held: () =>
      scene.caches.tenants
        .byIndex("deleting", "yes")
        .map(({ value }) => value)
        .filter(isHeld),
  });
  const tenants = tenantController(scene);
  const releases = releaseController(scene, (release) => board.of(release));
  const board = createFollowerBoard((release) => releases.enqueue(release));
  return {
    controllers: [
      databaseServerController(scene, tenants),
      releases,
      migrationController(scene, options.kube, board, tenants),
      templateController(scene),
      retainedVaultController(scene),
      tenants,
    ],
    close: async () => {
      await scene.recorder.flush();
      await scene.servers.close();
    },
  };
};

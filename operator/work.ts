import type { EventRecorder } from "./engine/events.ts";
import { createEventRecorder } from "./engine/events.ts";
import { createController, type Controller, type Log, type Reconcile, type Source } from "./engine/controller.ts";
import { guardedKube } from "./engine/guarded-kube.ts";
import type { Leadership } from "./engine/leader.ts";
import type { EngineMetrics } from "./engine/metrics.ts";
import type { Work } from "./engine/run-leader.ts";
import { kinds } from "../kube/kinds.ts";
import type { Kind, Kube, KubeObject } from "../kube/kube.ts";
import { systemTimer } from "../kube/clock.ts";
import type { WatchNotice } from "../kube/watch-loop.ts";
import type { OperatorConfig } from "./config.ts";
import { databaseServerSources, reconcileDatabaseServer } from "./database-server/reconcile-database-server.ts";
import { createPgServers } from "./database/pg-servers.ts";
import { createMigrationJobs, releaseSources } from "./release/release-sources.ts";
import { reconcileRelease } from "./release/reconcile-release.ts";
import { createSecrets } from "./secrets.ts";
import { reconcileTenant } from "./tenant/reconcile-tenant.ts";
import { createTenantCaches, tenantSources } from "./tenant/tenant-sources.ts";

export type WorkOptions = {
  config: OperatorConfig;
  kube: Kube;
  metrics: EngineMetrics;
  log: Log;
  /** A newer leader has fenced this one off: the process must end. */
  onFenced: (error: Error) => void;
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

/** All that an operator does while it leads: database servers, releases, tenants, each a controller of its own. */
export const createWork = (options: WorkOptions, leadership: Leadership): Work => {
  const { config, metrics, log } = options;
  const timer = systemTimer();
  const kube = guardedKube(options.kube, () => !leadership.signal.aborted);
  const instance = config.instance === "" ? "polyphony" : config.instance;
  const recorder = createEventRecorder({ kube, log, controller: "polyphony.dev/operator", instance: config.identity });
  const servers = createPgServers({
    epoch: leadership.epoch,
    instance,
    holder: config.identity,
    clock: timer,
    onFenced: options.onFenced,
  });
  const notice = noticer(options);
  const caches = createTenantCaches(kube, { selector: config.selector, notice });
  const jobs = createMigrationJobs(kube, config.migrationsNamespace, { notice });
  const secrets = createSecrets(config.masterKey);
  const controller = (name: string, sources: Source[], reconcile: Reconcile, concurrency: number): Controller => {
    const { observe } = metrics;
    const made = createController({ name, sources, reconcile, log, concurrency, observe, signal: leadership.signal });
    metrics.watch(made);
    return made;
  };
  const tenantsOn = (server: string) => caches.tenants.byIndex("server", server).length;
  const tenantsOf = (release: string) => caches.tenants.byIndex("release", release).length;
  const serverDeps = { kube, cache: caches.servers, servers, clock: timer, tenantsOn };
  const releaseDeps = { kube, clock: timer, secrets, caches, servers, tenantsOf };
  const tenants: Controller = controller(
    "tenant",
    tenantSources(caches),
    reconcileTenant({
      kube,
      caches,
      servers,
      secrets,
      settings: config.settings,
      clock: timer,
      tell: teller(recorder, kinds.tenant, "Reconcile"),
      backlog: () => tenants.gauges.depth(),
    }),
    config.tenantsInFlight,
  );
  const databaseServers = controller(
    "database-server",
    databaseServerSources(caches.servers),
    reconcileDatabaseServer({ ...serverDeps, tell: teller(recorder, kinds.databaseServer, "Probe") }),
    8,
  );
  const releases = controller(
    "release",
    releaseSources({ ...caches, jobs }),
    reconcileRelease({
      ...releaseDeps,
      namespace: config.migrationsNamespace,
      imagePullSecrets: config.settings.imagePullSecrets,
      tell: teller(recorder, kinds.vaultRelease, "Prepare"),
    }),
    8,
  );
  return {
    controllers: [databaseServers, releases, tenants],
    close: async () => {
      await recorder.flush();
      await servers.close();
    },
  };
};

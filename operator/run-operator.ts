import { randomUUID } from "node:crypto";
import { clusterAccess } from "../kube/cluster-access.ts";
import { createLiveKube } from "../kube/live-kube.ts";
import type { OperatorConfig } from "./config.ts";
import type { Controller, Log } from "./engine/controller.ts";
import { createHealthServer } from "./engine/health-server.ts";
import { createLeader, leaseName } from "./engine/leader.ts";
import { createEngineMetrics } from "./engine/metrics.ts";
import { runLeader } from "./engine/run-leader.ts";
import { fieldManager } from "./tenant/names.ts";
import type { FencedError } from "./database/errors.ts";
import { createWork } from "./work.ts";

const firstProblem = (controllers: readonly Controller[]): string | undefined =>
  controllers.map((controller) => controller.problem()).find((problem) => problem !== undefined);

/**
 * Runs until `stop` aborts or leadership is lost: waits for the Lease, then keeps database servers, releases and
 * tenants. Resolves with the exit code.
 */
export const runOperator = async (config: OperatorConfig, log: Log, stop: AbortSignal): Promise<0 | 1> => {
  const metrics = createEngineMetrics();
  const access = clusterAccess(config.kubeconfig);
  const kube = createLiveKube({ access, fieldManager, maxInFlight: 32, onCall: metrics.onCall });
  const leaseKube = createLiveKube({ access, fieldManager, maxInFlight: 2, timeoutMs: 5_000, onCall: metrics.onCall });
  const fenced = new AbortController();
  let seenEpoch = 0;
  let controllers: readonly Controller[] = [];
  const health = createHealthServer({
    port: config.port,
    registry: metrics.registry,
    live: {
      controllers: () => firstProblem(controllers),
      fence: () => (fenced.signal.aborted ? "fenced off" : undefined),
    },
    ready: { process: () => (stop.aborted ? "stopping" : undefined) },
  });
  await health.listen();
  const leader = createLeader({
    kube: leaseKube,
    namespace: config.namespace,
    name: leaseName("polyphony-operator", config.selector),
    identity: `${config.identity}_${randomUUID().slice(0, 8)}`,
    log,
  });
  const onFenced = (error: FencedError): void => {
    log.error({ error, epoch: error.currentEpoch }, "a newer epoch is on record; this operator ends");
    seenEpoch = Math.max(seenEpoch, error.currentEpoch);
    fenced.abort(error);
  };
  const code = await runLeader({
    leader,
    log,
    stop: AbortSignal.any([stop, fenced.signal]),
    seenEpoch: () => seenEpoch,
    work: (leadership) =>
      createWork({ config, kube, metrics, log, onFenced, fenced: () => fenced.signal.aborted }, leadership),
    onLead: (leadership, work) => {
      controllers = work?.controllers ?? [];
      metrics.leads(leadership?.epoch);
      if (leadership) log.info({ epoch: leadership.epoch }, "leading");
    },
  });
  await health.close();
  kube.close();
  leaseKube.close();
  return fenced.signal.aborted ? 1 : code;
};

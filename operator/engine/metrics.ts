import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { OnCall } from "../../kube/http-transport.ts";
import type { WatchNotice } from "../../kube/watch-loop.ts";
import type { Controller, Observed } from "./controller.ts";

/** The operator's own numbers; names are stable, as alert rules use them. */
export interface EngineMetrics {
  readonly registry: Registry;
  /** Give to createController as `observe`. */
  readonly observe: (observed: Observed) => void;
  /** Give to createLiveKube as `onCall`. */
  readonly onCall: OnCall;
  /** Give to createReflector as `notice`, beside logging. */
  readonly onNotice: (notice: WatchNotice) => void;
  /** Reads a controller's gauges at each scrape. */
  watch(controller: Controller): void;
  leads(epoch: number | undefined): void;
}

const SECONDS = [0.001, 0.005, 0.02, 0.1, 0.3, 1, 3, 10, 30, 120];

const createReconcileMetrics = (registers: Registry[]): ((observed: Observed) => void) => {
  const seconds = new Histogram({
    name: "polyphony_reconcile_seconds",
    help: "How long reconciles take, by controller and outcome",
    labelNames: ["controller", "outcome"],
    buckets: SECONDS,
    registers,
  });
  const errors = new Counter({
    name: "polyphony_reconcile_errors_total",
    help: "Reconciles that ended in failed or stalled, by reason",
    labelNames: ["controller", "outcome", "reason"],
    registers,
  });
  return ({ controller, outcome, reason = "", seconds: took }) => {
    seconds.observe({ controller, outcome }, took);
    if (outcome === "failed" || outcome === "stalled") errors.inc({ controller, outcome, reason });
  };
};

const createQueueMetrics = (registers: Registry[], controllers: ReadonlySet<Controller>): void => {
  const queue = (name: string, help: string, read: (controller: Controller) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ["controller"],
      registers,
      collect() {
        for (const controller of controllers) this.set({ controller: controller.name }, read(controller));
      },
    });
  };
  queue("polyphony_queue_depth", "Keys that could be reconciled now", ({ gauges }) => gauges.depth());
  queue(
    "polyphony_queue_age_seconds",
    "How long the oldest key that could be reconciled has waited",
    ({ gauges }) => gauges.ageMs() / 1000,
  );
  queue("polyphony_queue_delayed", "Keys that wait for their time", ({ gauges }) => gauges.delayed());
  queue("polyphony_reconciles_running", "Reconciles under way", ({ gauges }) => gauges.running());
  new Gauge({
    name: "polyphony_watch_age_seconds",
    help: "Time since the API server last gave a sign of life for a watch",
    labelNames: ["controller", "source"],
    registers,
    collect() {
      for (const controller of controllers) {
        for (const source of controller.gauges.sources()) {
          this.set({ controller: controller.name, source: source.name }, source.watchAgeMs / 1000);
        }
      }
    },
  });
};

const createApiMetrics = (registers: Registry[]): Pick<EngineMetrics, "onCall" | "onNotice"> => {
  const requests = new Histogram({
    name: "polyphony_kube_request_seconds",
    help: "Requests to the Kubernetes API by verb, kind and status code (0: no answer)",
    labelNames: ["verb", "kind", "code"],
    buckets: SECONDS,
    registers,
  });
  const notices = new Counter({
    name: "polyphony_watch_notices_total",
    help: "Lists, ended, silent and failed watches, by kind",
    labelNames: ["kind", "what"],
    registers,
  });
  return {
    onCall: ({ verb, kind, code, seconds }) => requests.observe({ verb, kind, code: String(code) }, seconds),
    onNotice: ({ kind, what }) => notices.inc({ kind, what }),
  };
};

/** A registry of its own, so that tests and several operators in one process do not meet. */
export const createEngineMetrics = ({ processMetrics = true } = {}): EngineMetrics => {
  const registry = new Registry();
  const controllers = new Set<Controller>();
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const leader = new Gauge({
    name: "polyphony_leader_epoch",
    help: "The epoch under which this process leads; 0 while it waits",
    registers: [registry],
  });
  createQueueMetrics([registry], controllers);
  return {
    registry,
    observe: createReconcileMetrics([registry]),
    ...createApiMetrics([registry]),
    watch: (controller) => void controllers.add(controller),
    leads: (epoch) => leader.set(epoch ?? 0),
  };
};

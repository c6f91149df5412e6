import type { Timer } from "../../kube/clock.ts";
import { createDelays } from "./delays.ts";
import { createHotGuard } from "./hot-guard.ts";
import { createReadyLanes, type Lane, type ReadyLanes } from "./ready-lanes.ts";

/** What becomes of a key after a run. A change that came during the run brings it back at once in any case. */
export type Verdict =
  | { readonly kind: "forget" }
  | { readonly kind: "again"; readonly afterMs: number }
  | { readonly kind: "backoff"; readonly atLeastMs?: number };

export interface WorkQueue {
  /** Asks for a run of this key; asking again before it begins changes nothing, except for an earlier time. */
  add(key: string, options?: { afterMs?: number; lane?: Lane }): void;
  /** Begins to work. */
  start(): void;
  /** Begins no more runs and resolves when those under way have ended. */
  stop(): Promise<void>;
  /** Keys that could run now. */
  depth(): number;
  /** How long the oldest of them waits, in ms. */
  ageMs(): number;
  /** Keys waiting for their time. */
  delayed(): number;
  running(): number;
  /** For how long the longest run is under way, in ms. */
  longestRunMs(): number;
}

export interface WorkQueueOptions {
  readonly timer: Timer;
  /** Never rejects; `failures` counts the runs of this key that ended in `backoff`, in a row. */
  readonly run: (key: string, failures: number) => Promise<Verdict>;
  /** Runs at a time; never two of the same key. */
  readonly concurrency: number;
  readonly random?: (() => number) | undefined;
  /** First and longest wait after failures; 500 ms and 5 min. */
  readonly firstBackoffMs?: number | undefined;
  readonly lastBackoffMs?: number | undefined;
}

/** Delayed keys behind a single timer, which is set for the earliest. */
const createAppointments = (timer: Timer, due: (key: string) => void) => {
  const delays = createDelays();
  let cancel: () => void = () => undefined;
  let armedFor = Number.POSITIVE_INFINITY;
  let stopped = false;
  const arm = (): void => {
    const next = delays.nextMs();
    if (stopped || next === undefined || next >= armedFor) return;
    cancel();
    armedFor = next;
    cancel = timer.after(next - timer.monotonicMs(), fire);
  };
  const fire = (): void => {
    armedFor = Number.POSITIVE_INFINITY;
    const now = timer.monotonicMs();
    for (let key = delays.pop(now); key !== undefined; key = delays.pop(now)) due(key);
    arm();
  };
  return {
    set: (key: string, afterMs: number): void => {
      delays.set(key, timer.monotonicMs() + afterMs);
      arm();
    },
    delete: (key: string): void => delays.delete(key),
    size: (): number => delays.size,
    stop: (): void => {
      stopped = true;
      cancel();
    },
  };
};

/** When a key comes back after a run, and how often it failed in a row. */
const createVisits = ({ random = Math.random, firstBackoffMs = 500, lastBackoffMs = 300_000 }: WorkQueueOptions) => {
  const failures = new Map<string, number>();
  return {
    failures: (key: string): number => failures.get(key) ?? 0,
    /** Milliseconds until the next run; undefined: only when something changes. */
    next: (key: string, verdict: Verdict): number | undefined => {
      if (verdict.kind === "backoff") {
        const failed = (failures.get(key) ?? 0) + 1;
        failures.set(key, failed);
        const base = Math.min(lastBackoffMs, firstBackoffMs * 2 ** Math.min(failed - 1, 20));
        return Math.max(base, verdict.atLeastMs ?? 0) * (1 + 0.25 * random());
      }
      failures.delete(key);
      // At least a tenth of a second: a reconcile that says "again at once" for ever must not spin.
      return verdict.kind === "again" ? Math.max(100, verdict.afterMs) * (1 + 0.1 * random()) : undefined;
    },
  };
};

interface Running {
  readonly startedAt: number;
  /** Asked for again during this run. */
  again: Lane | undefined;
}

const gaugesOf = (
  timer: Timer,
  ready: ReadyLanes,
  running: ReadonlyMap<string, Running>,
  delayed: () => number,
): Pick<WorkQueue, "depth" | "ageMs" | "delayed" | "running" | "longestRunMs"> => ({
  depth: () => ready.size(),
  ageMs: () => {
    const since = ready.oldest();
    return since === undefined ? 0 : timer.monotonicMs() - since;
  },
  delayed,
  running: () => running.size,
  longestRunMs: () => {
    const first = running.values().next().value;
    return first ? timer.monotonicMs() - first.startedAt : 0;
  },
});

/**
 * Keys to be worked on: each at most once at a time and once in the queue, so many at a time, in order of arrival,
 * with exponential backoff (and jitter) per key that a success resets, and delays that cost one timer together.
 */
export const createWorkQueue = (options: WorkQueueOptions): WorkQueue => {
  const { timer, concurrency } = options;
  const ready = createReadyLanes();
  const visits = createVisits(options);
  const running = new Map<string, Running>();
  const hot = createHotGuard(timer);
  const idle = Promise.withResolvers<undefined>();
  let started = false;
  let stopped = false;
  const appointments = createAppointments(timer, (key) => {
    enter(key, "foreground");
    pump();
  });

  /** A key that can run: now, after its current run, or after a pause when it is hot. */
  const enter = (key: string, lane: Lane): void => {
    const current = running.get(key);
    if (current) {
      current.again = current.again === "foreground" ? "foreground" : lane;
      return;
    }
    const pauseMs = hot.pauseMs(key);
    if (pauseMs > 0) appointments.set(key, pauseMs);
    else ready.push(key, lane, timer.monotonicMs());
  };

  const work = async (key: string): Promise<void> => {
    const current: Running = {
      startedAt: timer.monotonicMs(),
      again: undefined,
    };
    running.set(key, current);
    // What this run sees makes an earlier appointment pointless; its verdict sets the next one.
    appointments.delete(key);
    const verdict = await options.run(key, visits.failures(key));
    running.delete(key);
    hot.ended(key);
    const afterMs = visits.next(key, verdict);
    if (afterMs !== undefined) appointments.set(key, afterMs);
    if (current.again) enter(key, current.again);
    if (stopped && running.size === 0) idle.resolve(undefined);
    pump();
  };

  const pump = (): void => {
    while (started && !stopped && running.size < concurrency) {
      const key = ready.shift();
      if (key === undefined) return;
      void work(key);
    }
  };

  return {
    add: (key, { afterMs = 0, lane = "foreground" } = {}) => {
      if (stopped) return;
      if (afterMs > 0) {
        if (!ready.has(key)) appointments.set(key, afterMs);
        return;
      }
      enter(key, lane);
      pump();
    },
    start: () => {
      started = true;
      pump();
    },
    stop: async () => {
      stopped = true;
      appointments.stop();
      if (running.size > 0) await idle.promise;
    },
    ...gaugesOf(timer, ready, running, () => appointments.size()),
  };
};

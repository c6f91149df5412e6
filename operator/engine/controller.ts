import type { Change, Reflector } from "../../kube/reflector.ts";
import { randomUUID } from "node:crypto";
import { KubeError, TooManyRequestsError } from "../../kube/errors.ts";
import { type Outcome, toOutcome } from "../outcome.ts";
import { jittered, sleep, systemTimer, type Timer } from "../../kube/clock.ts";
import type { Log } from "./log.ts";
import { createWorkQueue, type Verdict } from "./work-queue.ts";
import type { Lane } from "./ready-lanes.ts";

export type { Log } from "./log.ts";

/** Where keys come from. Made by `from(reflector, keys)`; sources may be shared by several controllers. */
export interface Source {
  readonly name: string;
  start(): void;
  stop(): Promise<void>;
  subscribe(wake: (key: string, lane: Lane) => void): () => void;
  whenSynced(): Promise<void>;
  synced(): boolean;
  watchAgeMs(): number;
  pulseAgeMs(): number;
}

/** What a reconcile is given besides its key. */
export interface ReconcileContext {
  /** Carries controller, key and reconcile id. */
  readonly log: Log;
  /** Unique per run, in every log line of it. */
  readonly reconcileId: string;
  /** Aborts when leadership is lost, at the deadline of a graceful stop, or when the run takes too long. */
  readonly signal: AbortSignal;
  /** How often this key failed in a row before this run. */
  readonly failures: number;
}

export type Reconcile = (key: string, context: ReconcileContext) => Promise<Outcome>;

export interface Controller {
  readonly name: string;
  /** Starts the sources, waits for their first lists, then works until `stop`. */
  start(): Promise<void>;
  /** Takes no new keys, waits for running reconciles up to the deadline, then aborts them. */
  stop(deadlineMs?: number): Promise<void>;
  /** Puts a key into the queue, now or later. */
  enqueue(key: string, afterMs?: number): void;
  /** Why the controller cannot be called alive, or undefined. */
  problem(): string | undefined;
  /** Numbers for metrics, as they are now. */
  readonly gauges: ControllerGauges;
}

export interface ControllerGauges {
  depth(): number;
  ageMs(): number;
  delayed(): number;
  running(): number;
  sources(): readonly { readonly name: string; readonly watchAgeMs: number }[];
}

/** What a controller reports of each run. */
export interface Observed {
  readonly controller: string;
  readonly outcome: Outcome["kind"];
  /** For all but `done`. */
  readonly reason: string | undefined;
  readonly seconds: number;
}

export interface ControllerOptions {
  readonly name: string;
  readonly sources: readonly Source[];
  readonly reconcile: Reconcile;
  readonly log: Log;
  /** Runs at a time; 8 by default. */
  readonly concurrency?: number;
  readonly timer?: Timer;
  readonly random?: () => number;
  /** A run is aborted after this; 2 minutes by default. */
  readonly reconcileTimeoutMs?: number;
  /** How soon a stalled key is looked at again; 10 minutes by default. */
  readonly stalledMs?: number;
  readonly firstBackoffMs?: number;
  readonly lastBackoffMs?: number;
  readonly observe?: (observed: Observed) => void;
  /** Aborts everything at once: leadership is lost. */
  readonly signal?: AbortSignal;
}

/**
 * Keys from a reflector's changes. `keys` sees old and new projection and returns what is to be reconciled; returning
 * nothing is how a change that does not matter (status, another generation's echo) is filtered out.
 */
export type KeysOf<P> = (change: Change<P>) => Iterable<string>;

export const from = <P>(reflector: Reflector<P>, keys: KeysOf<P>): Source => ({
  name: reflector.name,
  start: () => reflector.start(),
  stop: () => reflector.stop(),
  subscribe: (wake) =>
    reflector.subscribe((change) => {
      // What a listing finds waits behind what people change.
      const lane = change.source === "watch" ? "foreground" : "background";
      for (const key of keys(change)) wake(key, lane);
    }),
  whenSynced: () => reflector.whenSynced(),
  synced: () => reflector.synced(),
  watchAgeMs: () => reflector.watchAgeMs(),
  pulseAgeMs: () => reflector.pulseAgeMs(),
});

const LEFT_BEHIND_MS = 2000;
const STALLED_MS = 10 * 60_000;
const RECONCILE_TIMEOUT_MS = 2 * 60_000;
/** A watch loop that does nothing at all, not even fail, for this long hangs. */
const PULSE_LIMIT_MS = 3 * 60_000;
/** A watch that fails for this long: a fresh process may do better (credentials, name resolution). */
const WATCH_LIMIT_MS = 30 * 60_000;

const reasonOf = (outcome: Outcome): string | undefined => {
  if (outcome.kind === "done") return undefined;
  if (outcome.kind !== "failed" || outcome.reason !== "UnexpectedError") return outcome.reason;
  return outcome.cause instanceof KubeError ? outcome.cause.reason : outcome.reason;
};

/** The 429 among an error and its causes. */
const askedPatienceMs = (error: unknown): number | undefined => {
  if (error instanceof TooManyRequestsError) return error.retryAfterMs;
  return error instanceof Error ? askedPatienceMs(error.cause) : undefined;
};

const verdictOf = (outcome: Outcome, stalledMs: number, random: () => number): Verdict => {
  switch (outcome.kind) {
    case "done":
      return { kind: "forget" };
    case "wait":
      return { kind: "again", afterMs: outcome.afterMs };
    case "stalled":
      return { kind: "again", afterMs: jittered(stalledMs, 0.2, random) };
    case "failed": {
      const atLeastMs = askedPatienceMs(outcome.cause);
      return atLeastMs === undefined ? { kind: "backoff" } : { kind: "backoff", atLeastMs };
    }
  }
};

const tell = (log: Log, which: object, outcome: Outcome, ms: number): void => {
  const fields = { ...which, outcome: outcome.kind, ms: Math.round(ms) };
  if (outcome.kind === "done") log.debug(fields, "reconciled");
  else if (outcome.kind === "wait") log.debug({ ...fields, reason: outcome.reason }, outcome.message);
  else if (outcome.kind === "stalled") log.warn({ ...fields, reason: outcome.reason }, outcome.message);
  else log.warn({ ...fields, reason: outcome.reason, error: outcome.cause }, outcome.message);
};

/** One run of one key: its own id, log, time limit and signal; every ending becomes an Outcome. */
const createRun = (options: ControllerOptions, stopping: AbortSignal) => {
  const { timer = systemTimer(), reconcileTimeoutMs = RECONCILE_TIMEOUT_MS, random = Math.random } = options;
  return async (key: string, failures: number): Promise<Verdict> => {
    const reconcileId = randomUUID().slice(0, 8);
    const which = { controller: options.name, key, reconcileId };
    const late = new AbortController();
    const tooLong = (): Error => new Error(`the reconcile of ${key} took longer than ${reconcileTimeoutMs / 1000} s`);
    const cancel = timer.after(reconcileTimeoutMs, () => late.abort(tooLong()));
    // Made when asked for: most runs find nothing to do, and need neither.
    const context: ReconcileContext = {
      reconcileId,
      failures,
      get log() {
        return options.log.child(which);
      },
      get signal() {
        return AbortSignal.any([late.signal, stopping]);
      },
    };
    const startedAt = timer.monotonicMs();
    let outcome: Outcome;
    try {
      outcome = await options.reconcile(key, context);
    } catch (error) {
      outcome = toOutcome(late.signal.aborted ? tooLong() : error);
    } finally {
      cancel();
    }
    const ms = timer.monotonicMs() - startedAt;
    // What fails because we are stopping says nothing about the key.
    if (stopping.aborted) return { kind: "forget" };
    tell(options.log, which, outcome, ms);
    const reason = reasonOf(outcome);
    options.observe?.({ controller: options.name, outcome: outcome.kind, reason, seconds: ms / 1000 });
    return verdictOf(outcome, options.stalledMs ?? STALLED_MS, random);
  };
};

const problemOf = (options: ControllerOptions, longestRunMs: number): string | undefined => {
  const limit = 2 * (options.reconcileTimeoutMs ?? RECONCILE_TIMEOUT_MS);
  if (longestRunMs > limit) {
    return `${options.name}: a reconcile runs for ${Math.round(longestRunMs / 1000)} s and does not obey its time limit`;
  }
  const hung = options.sources.find((source) => source.pulseAgeMs() > PULSE_LIMIT_MS);
  if (hung) return `${options.name}: the watch of ${hung.name} hangs for ${Math.round(hung.pulseAgeMs() / 1000)} s`;
  const silent = options.sources.find((source) => source.watchAgeMs() > WATCH_LIMIT_MS);
  if (!silent) return undefined;
  return `${options.name}: no word from the server about ${silent.name} for ${Math.round(silent.watchAgeMs() / 60_000)} min`;
};

/** Watches its sources, and reconciles the keys they name until told to stop. */
export const createController = (options: ControllerOptions): Controller => {
  const { timer = systemTimer(), sources } = options;
  const stopping = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stopping.signal]) : stopping.signal;
  const queue = createWorkQueue({
    timer,
    concurrency: options.concurrency ?? 8,
    random: options.random,
    firstBackoffMs: options.firstBackoffMs,
    lastBackoffMs: options.lastBackoffMs,
    run: createRun({ ...options, timer }, signal),
  });
  const ended = new Set<() => void>();
  const state = { running: false };
  const isRunning = (): boolean => state.running;
  signal.addEventListener("abort", () => void queue.stop(), { once: true });
  return {
    name: options.name,
    start: async () => {
      state.running = true;
      for (const source of sources) ended.add(source.subscribe((key, lane) => queue.add(key, { lane })));
      for (const source of sources) source.start();
      try {
        await Promise.all(sources.map((source) => source.whenSynced()));
      } catch (error) {
        if (!isRunning()) return;
        throw error;
      }
      options.log.info({ controller: options.name, waiting: queue.depth() }, "caches are filled, reconciling begins");
      queue.start();
    },
    stop: async (deadlineMs = 20_000) => {
      state.running = false;
      for (const end of ended) end();
      const over = new AbortController();
      const all = Promise.all([queue.stop(), ...sources.map((source) => source.stop())]);
      const cancel = timer.after(deadlineMs, () => stopping.abort(new Error("the operator is stopping")));
      // Whoever does not obey the signal either is left behind: the process ends anyway.
      await Promise.race([all, sleep(timer, deadlineMs + LEFT_BEHIND_MS, over.signal)]);
      cancel();
      over.abort();
      stopping.abort(new Error("the operator has stopped"));
    },
    enqueue: (key, afterMs = 0) => queue.add(key, { afterMs }),
    problem: () => (state.running ? problemOf(options, queue.longestRunMs()) : undefined),
    gauges: {
      depth: () => queue.depth(),
      ageMs: () => queue.ageMs(),
      delayed: () => queue.delayed(),
      running: () => queue.running(),
      sources: () => sources.map((source) => ({ name: source.name, watchAgeMs: source.watchAgeMs() })),
    },
  };
};

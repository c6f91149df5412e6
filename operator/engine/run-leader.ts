import type { Controller, Log } from "./controller.ts";
import type { Leader, Leadership } from "./leader.ts";

/** What works while this process leads. */
export interface Work {
  readonly controllers: readonly Controller[];
  /** After the controllers have stopped, before the Lease is given back: database pools, Events. */
  close?(): Promise<void>;
}

export interface RunLeaderOptions {
  readonly leader: Leader;
  readonly log: Log;
  /** Builds what works; its writes are to be guarded by the leadership, its SQL fenced by the epoch. */
  readonly work: (leadership: Leadership) => Work | Promise<Work>;
  /** Asks for a graceful end (SIGTERM). */
  readonly stop: AbortSignal;
  /** How long running reconciles may finish; 20 s. */
  readonly graceMs?: number;
  /** An epoch above ours that was met at work, 0 when there is none: see Leadership.release. */
  readonly seenEpoch?: () => number;
  readonly onLead?: (leadership: Leadership | undefined, work: Work | undefined) => void;
}

/** Resolves when the signal aborts, at once if it has. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

/**
 * Waits to lead, works, and ends: 0 after a graceful stop (sources stop, running reconciles finish, the Lease is given
 * back), 1 when leadership was lost (everything is dropped at once; the process must exit, to start again clean).
 */
export const runLeader = async (options: RunLeaderOptions): Promise<0 | 1> => {
  const { leader, log, stop, graceMs = 20_000 } = options;
  let leadership: Leadership;
  try {
    leadership = await leader.acquire(stop);
  } catch (error) {
    if (stop.aborted) return 0;
    throw error;
  }
  const work = await options.work(leadership);
  options.onLead?.(leadership, work);
  const started = Promise.all(work.controllers.map((controller) => controller.start()));
  const outcome = await Promise.race([
    aborted(stop).then(() => "stop" as const),
    aborted(leadership.signal).then(() => "lost" as const),
    started.then(() => aborted(AbortSignal.any([stop, leadership.signal]))).then(() => "either" as const),
  ]);
  if (leadership.signal.aborted) {
    log.error({ outcome, error: leadership.signal.reason as unknown }, "this process ends, to start again clean");
    return 1;
  }
  log.info({ graceMs }, "stopping: running reconciles finish first");
  await Promise.all(work.controllers.map((controller) => controller.stop(graceMs)));
  await started.catch(() => undefined);
  await work.close?.();
  options.onLead?.(undefined, undefined);
  await leadership.release(options.seenEpoch?.());
  return 0;
};

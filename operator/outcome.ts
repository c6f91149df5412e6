import type { Reason } from "../crds/reasons.ts";

/**
 * What a reconcile says when it ends. The engine turns it into the key's next visit:
 * `done` waits for the next change, `wait` comes back after a time (or sooner, on a change),
 * `stalled` needs a person and is looked at again rarely, `failed` backs off with jitter.
 */
export type Outcome =
  | { kind: "done" }
  | { kind: "wait"; afterMs: number; reason: Reason; message: string }
  | { kind: "stalled"; reason: Reason; message: string }
  | { kind: "failed"; reason: Reason; message: string; cause?: unknown };

export const done = (): Outcome => ({ kind: "done" });

/** Come back after `afterMs` milliseconds; a change of the object or of what it owns comes sooner. */
export const wait = (afterMs: number, reason: Reason, message: string): Outcome => ({
  kind: "wait",
  afterMs,
  reason,
  message,
});

/** Nothing the operator can do alone will help; a change of the object starts it again at once. */
export class StalledError extends Error {
  override readonly name = "StalledError";
  readonly reason: Reason;
  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Something is under way elsewhere; look again after `afterMs` milliseconds. */
export class WaitingError extends Error {
  override readonly name = "WaitingError";
  readonly reason: Reason;
  readonly afterMs: number;
  constructor(reason: Reason, message: string, afterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.afterMs = afterMs;
  }
}

/** Expected to heal by itself (server away, conflict): retried with backoff, and named by `reason` in conditions. */
export class RetryableError extends Error {
  override readonly name = "RetryableError";
  readonly reason: Reason;
  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Translates an error thrown in a reconcile, once, into what happens next. */
export const toOutcome = (error: unknown): Outcome => {
  if (error instanceof WaitingError) return wait(error.afterMs, error.reason, error.message);
  if (error instanceof StalledError) return { kind: "stalled", reason: error.reason, message: error.message };
  if (error instanceof RetryableError)
    return { kind: "failed", reason: error.reason, message: error.message, cause: error };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: "failed", reason: "UnexpectedError", message, cause: error };
};

import { sleep, type Timer } from "./clock.ts";
import { type CallContext, TooManyRequestsError } from "./errors.ts";

/**
 * Obeys 429: after one, every call of this client waits until Retry-After has passed, each with its own jitter, so
 * that a storm costs the server at most one retry per call and Retry-After.
 */
export interface Throttle {
  /** Waits while the server wants peace; throws TooManyRequestsError at once when that is longer than `maxHoldMs`. */
  pass(call: CallContext, signal?: AbortSignal): Promise<void>;
  /** The server answered 429. */
  hold(retryAfterMs: number): void;
}

export const createThrottle = (
  timer: Timer,
  { maxHoldMs = 10_000, random = Math.random }: { maxHoldMs?: number; random?: () => number } = {},
): Throttle => {
  let heldUntil = Number.NEGATIVE_INFINITY;
  let lastHoldMs = 0;
  return {
    pass: async (call, signal) => {
      const left = heldUntil - timer.monotonicMs();
      if (left <= 0) return;
      if (left > maxHoldMs) throw new TooManyRequestsError(call, "the server asked for fewer requests", left);
      await sleep(timer, left + lastHoldMs * 0.5 * random(), signal);
    },
    hold: (retryAfterMs) => {
      lastHoldMs = retryAfterMs;
      heldUntil = Math.max(heldUntil, timer.monotonicMs() + retryAfterMs);
    },
  };
};

/** The one injected clock: what time is it. */
export interface Clock {
  now(): Date;
}

/**
 * A clock that can also wait. Deadlines are measured with `monotonicMs`, which no change of the wall clock moves and
 * which goes on while the process is stopped.
 */
export interface Timer extends Clock {
  monotonicMs(): number;
  /** Calls back once, after `ms`; returns the way to cancel. */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's own clock. Its timers keep the process alive, as whoever started them is expected to stop them. */
export const systemTimer = (): Timer => ({
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after: (ms, callback) => {
    // setTimeout takes at most 2^31 - 1 ms and fires at once beyond it.
    const handle = setTimeout(callback, Math.min(Math.max(0, ms), 2_147_483_647));
    return () => clearTimeout(handle);
  },
});

/** Resolves after `ms`, or at once when the signal aborts; the caller looks at the signal. Never rejects. */
export const sleep = (timer: Timer, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const finish = (): void => {
      cancel();
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = timer.after(ms, finish);
    signal?.addEventListener("abort", finish, { once: true });
  });

/** A value between `ms` and `ms * (1 + spread)`, so that many clients do not come back together. */
export const jittered = (ms: number, spread: number, random: () => number = Math.random): number =>
  ms * (1 + spread * random());

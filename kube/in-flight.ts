/** At most so many at a time; the rest wait in order of arrival. */
export interface InFlight {
  /** Runs `work` when there is room. Rejects with the signal's reason when it aborts while still waiting. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  readonly running: number;
  readonly waiting: number;
}

interface Waiter {
  readonly enter: () => void;
}

/** A limiter for one resource (the API server, one database server). */
export const createInFlight = (limit: number): InFlight => {
  if (!(limit >= 1)) throw new RangeError(`an in-flight limit must be at least 1, not ${limit}`);
  const waiters = new Set<Waiter>();
  let running = 0;

  const enter = (signal: AbortSignal | undefined): Promise<void> => {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (running < limit) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        waiters.delete(waiter);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        enter: () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      waiters.add(waiter);
      signal?.addEventListener("abort", abort, { once: true });
    });
  };

  const leave = (): void => {
    for (const waiter of waiters) {
      // The place is handed over, so nobody can slip in between.
      waiters.delete(waiter);
      waiter.enter();
      return;
    }
    running -= 1;
  };

  return {
    run: async (work, signal) => {
      await enter(signal);
      try {
        return await work();
      } finally {
        leave();
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiters.size;
    },
  };
};

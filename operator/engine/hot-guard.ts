import type { Timer } from "../../kube/clock.ts";

/** A key that runs this often in a row without a pause of a second is chasing its own tail: it is slowed down. */
const HOT_RUNS = 20;
const HOT_PAUSE_MS = 1000;
/** Longer than the pause, so that a key stays slow as long as it goes on. */
const MEMORY_MS = 3 * HOT_PAUSE_MS;
export interface HotGuard {
  /** A run of this key has ended. */
  ended(key: string): void;
  /** How long a key that wants to run now should wait first, in ms. */
  pauseMs(key: string): number;
}

/** Notices keys that run again and again without a pause. */
export const createHotGuard = (timer: Timer): HotGuard => {
  const runs = new Map<string, { count: number; endedAt: number }>();
  const prune = (now: number): void => {
    // In order of their last end, so this looks at what is old only.
    for (const [key, { endedAt }] of runs) {
      if (now - endedAt < MEMORY_MS) return;
      runs.delete(key);
    }
  };
  return {
    ended: (key: string): void => {
      const now = timer.monotonicMs();
      prune(now);
      const count = (runs.get(key)?.count ?? 0) + 1;
      runs.delete(key);
      runs.set(key, { count, endedAt: now });
    },
    pauseMs: (key: string): number => {
      const known = runs.get(key);
      if (!known || known.count < HOT_RUNS) return 0;
      return Math.max(0, known.endedAt + HOT_PAUSE_MS - timer.monotonicMs());
    },
  };
};

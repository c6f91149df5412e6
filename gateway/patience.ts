const firstPause = 25;
const longestPause = 400;

/** The pauses between attempts to connect: short at first, as a rolling vault is back in moments, never beyond the end. */
export interface Patience {
  /** Milliseconds to wait before the next attempt; undefined: time is up. */
  next(): number | undefined;
}

/**
 * @param totalMs for all attempts together; 0: one attempt only
 * @param now monotonic milliseconds
 */
export const createPatience = (totalMs: number, now: () => number, random: () => number = Math.random): Patience => {
  const end = now() + totalMs;
  let pause = firstPause;
  return {
    next: () => {
      const left = end - now();
      if (left <= 0) return undefined;
      const wait = pause * (0.75 + random() / 2);
      pause = Math.min(pause * 2, longestPause);
      return Math.min(wait, left);
    },
  };
};

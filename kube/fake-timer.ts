import type { Timer } from "./clock.ts";

/** A timer for tests: time moves only when told to. */
export interface FakeTimer extends Timer {
  /** Moves time by `ms`, firing what falls due in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Lets everything already resolved run, without moving time. */
  settle(): Promise<void>;
  /** How many timers wait. */
  pending(): number;
  /** Moves the wall clock alone, as an operator of a machine or NTP does. */
  skewWallClock(ms: number): void;
}

interface Waiting {
  readonly due: number;
  readonly sequence: number;
  readonly callback: () => void;
}

const next = (waiting: ReadonlySet<Waiting>): Waiting | undefined => {
  let first: Waiting | undefined;
  for (const entry of waiting) {
    if (!first || entry.due < first.due || (entry.due === first.due && entry.sequence < first.sequence)) first = entry;
  }
  return first;
};

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
};

/** Starts at `start` (2026-01-01 by default), monotonic time at 0. */
export const fakeTimer = (start = new Date("2026-01-01T00:00:00Z")): FakeTimer => {
  const waiting = new Set<Waiting>();
  let elapsed = 0;
  let skew = 0;
  let sequence = 0;
  return {
    now: () => new Date(start.getTime() + elapsed + skew),
    monotonicMs: () => elapsed,
    after: (ms, callback) => {
      const entry = { due: elapsed + Math.max(0, ms), sequence: (sequence += 1), callback };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    advance: async (ms) => {
      const target = elapsed + ms;
      await settle();
      for (let entry = next(waiting); entry && entry.due <= target; entry = next(waiting)) {
        waiting.delete(entry);
        elapsed = entry.due;
        entry.callback();
        await settle();
      }
      elapsed = target;
      await settle();
    },
    settle,
    pending: () => waiting.size,
    skewWallClock: (ms) => void (skew += ms),
  };
};

import type { Log } from "./log.ts";

/** Work that a reply does not wait for, but that the process does before it ends. */
export interface Background {
  run(what: string, work: () => Promise<void>): void;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

export function backgroundWork(log: Log): Background {
  const underWay = new Set<Promise<void>>();
  return {
    run: (what, work) => {
      const running: Promise<void> = work()
        .catch((error: unknown) => log.error(`${what} failed`, { error }))
        .finally(() => underWay.delete(running));
      underWay.add(running);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

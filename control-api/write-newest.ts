import { setTimeout as sleep } from "node:timers/promises";

export interface WriteNewestOptions<T> {
  readonly write: (value: T) => Promise<unknown>;
  readonly onTrouble: (error: unknown) => void;
  /** How long to wait before what could not be written is tried again. */
  readonly pauseMs?: number;
}

export interface NewestWriter<T> {
  /** Has this written for this key; what waits there and is older is dropped. */
  put(key: string, value: T): void;
  /** Resolves when nothing is being written any more; what could not be written is given up. */
  stop(): Promise<void>;
}

/** For values of which only the newest counts: one write at a time for each key, tried again until it succeeds. */
export const writeNewest = <T>({ write, onTrouble, pauseMs = 1_000 }: WriteNewestOptions<T>): NewestWriter<T> => {
  const newest = new Map<string, { readonly value: T }>();
  const busy = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  const drain = async (key: string): Promise<void> => {
    for (let next = newest.get(key); next && !stopping.signal.aborted; next = newest.get(key)) {
      try {
        await write(next.value);
        if (newest.get(key) === next) newest.delete(key);
      } catch (error) {
        onTrouble(error);
        await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    busy.delete(key);
  };

  return {
    put: (key, value) => {
      newest.set(key, { value });
      if (!busy.has(key)) busy.set(key, drain(key));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(busy.values());
    },
  };
};

import { setTimeout as sleep } from "node:timers/promises";

export interface Patience {
  readonly withinMs?: number;
  readonly everyMs?: number;
  /** A look that fails is the end of it; otherwise it counts as one without an answer. */
  readonly strict?: boolean;
}

/**
 * Looks again and again until there is an answer (anything but undefined and false).
 * @throws Error that says what was waited for, how long, and what the last look said.
 */
export const eventually = async <T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  { withinMs = 60_000, everyMs = 250, strict = false }: Patience = {},
): Promise<T> => {
  const end = performance.now() + withinMs;
  let last = "nothing yet";
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      if (strict) throw error;
      last = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs / 1000} s (${last})`);
    await sleep(everyMs);
  }
};

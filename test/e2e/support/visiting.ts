import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../../../demo/local-http.ts";

/** What a crowd that asks again and again was answered. */
export type Visits = {
  /** Answers by what was asked and their status, "error" for none at all: "read 200": 153. */
  counts: Map<string, number>;
  /** Of every answer that was not expected, what it said. */
  odd: string[];
  stop(): Promise<void>;
};

export type Asking = {
  what: string;
  ask: () => Promise<Answer>;
  expected: readonly number[];
  /** Between an answer and the next question, in ms. */
  pauseMs: number;
};

/** Each keeps asking until it is stopped; on new connections each time, as from many visitors. */
export const keepVisiting = (askings: readonly Asking[]): Visits => {
  const counts = new Map<string, number>();
  const odd: string[] = [];
  let stopped = false;
  const count = (what: string, answer: string): void => {
    const key = `${what} ${answer}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  const loop = async ({ what, ask, expected, pauseMs }: Asking): Promise<void> => {
    while (!stopped) {
      const answer = await ask().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      const status = answer instanceof Error ? "error" : String(answer.status);
      count(what, status);
      if (answer instanceof Error) odd.push(`${what}: ${answer.message}`);
      else if (!expected.includes(answer.status)) odd.push(`${what}: ${answer.status} ${answer.body.slice(0, 300)}`);
      await sleep(pauseMs);
    }
  };
  const running = Promise.all(askings.map(loop));
  return {
    counts,
    odd,
    stop: async () => {
      stopped = true;
      await running;
    },
  };
};

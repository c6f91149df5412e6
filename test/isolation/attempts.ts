import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where each area leaves its count for `node test/isolation/report.ts`. */
export const countsFolder = join(import.meta.dirname, "../../dist/isolation");

/** What one area of the isolation suite tried. */
export type Count = {
  area: string;
  what: string;
  attempts: number;
  crossed: readonly string[];
  notes: readonly string[];
};

export interface Attempts {
  /** Counts one attempt. `refused` false is a crossing, told by the name of the attempt. */
  tried(attempt: string, refused: boolean): void;
  /** Something that a reader of the report must know, such as what could only be modelled. */
  note(text: string): void;
  /** The attempts that were not refused. */
  crossed(): readonly string[];
  /** Prints "K1: 1200 attempts, 0 crossed" and leaves the count for the report. */
  finish(): void;
}

/** Counts the attempts of one area to reach what belongs to another; `what` says in a few words what was tried. */
export const countAttempts = (area: string, what: string): Attempts => {
  const crossed: string[] = [];
  const notes: string[] = [];
  let attempts = 0;
  return {
    tried: (attempt, refused) => {
      attempts += 1;
      if (!refused) crossed.push(attempt);
    },
    note: (text) => void notes.push(text),
    crossed: () => crossed,
    finish: () => {
      const count: Count = { area, what, attempts, crossed, notes };
      mkdirSync(countsFolder, { recursive: true });
      writeFileSync(join(countsFolder, `${area}.json`), JSON.stringify(count));
      process.stderr.write(`${area}: ${String(attempts)} attempts, ${String(crossed.length)} crossed\n`);
    },
  };
};

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { stateFolder } from "../../cluster/machine/folders.ts";
import type { Outcome } from "./run-plan.ts";

/** How the last whole run of an operation went: what docs/faults.md is made from. */
const Result = z.object({
  date: z.string(),
  seed: z.int(),
  /** Different writes that the operation was killed at. */
  writes: z.int(),
  /** The time was up before all of its plans had been run. */
  cutOff: z.boolean(),
  plans: z.array(z.object({ kind: z.string(), verdict: z.enum(["passed", "failed", "missed"]) })),
});
export type Result = z.infer<typeof Result>;

/** By the operation's name. */
const Results = z.record(z.string(), Result);
export type Results = z.infer<typeof Results>;

const file = join(stateFolder, "faults", "results.json");

export const readResults = (): Results => {
  try {
    return Results.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
};

const resultOf = (outcomes: readonly Outcome[], seed: number, cutOff: boolean): Result => ({
  cutOff,
  date: new Date().toISOString().slice(0, 10),
  seed,
  writes: new Set(outcomes.flatMap(({ plan: { fault } }) => (fault.kind === "kill" ? fault.at : []))).size,
  plans: outcomes.map(({ plan, verdict }) => ({ kind: plan.fault.kind, verdict })),
});

/** Keeps how these operations went, in the place of how they went before, and gives all there are. */
export const keepResults = (
  operations: ReadonlyMap<string, { cutOff: boolean }>,
  outcomes: readonly Outcome[],
  seed: number,
): Results => {
  const results = readResults();
  for (const [name, { cutOff }] of operations) {
    const own = outcomes.filter(({ plan }) => plan.operation === name);
    results[name] = resultOf(own, seed, cutOff);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results)}\n`);
  return results;
};

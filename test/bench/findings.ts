import { join } from "node:path";
import { machineFacts, writeSection } from "./report.ts";
import { judge, type Round, type Verdict } from "./rounds.ts";

/** What a figure should be. */
export type Goal = { atMost: number } | { atLeast: number };

/** One thing measured side by side with another, round by round. */
export type Comparison = {
  what: string;
  unit: string;
  /** The floor or the peer: what the subject is compared with. */
  against: string;
  rounds: readonly Round[];
  /** For the ratio of the two. */
  goal?: Goal;
};

/** One thing measured alone. */
export type Figure = { what: string; value: number; unit: string; goal?: Goal };

export type Findings = {
  name: string;
  /** What was done, on both sides, in whole sentences. */
  about: string;
  comparisons: readonly Comparison[];
  figures?: readonly Figure[];
  /** How much of what was asked for failed. */
  errors: { failed: number; of: number };
  /** What all it ran on, beside the machine. */
  facts: readonly string[];
  /** Why a goal was missed, and what was found on the way. */
  notes?: string;
};

/** The options that every benchmark understands. */
export const quick = process.argv.includes("--quick");

const root = join(import.meta.dirname, "../..");

const shown = (value: number): string => {
  if (value === 0) return "0";
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
};

const goalText = (goal: Goal | undefined): string => {
  if (!goal) return "";
  return "atMost" in goal ? `at most ${String(goal.atMost)}` : `at least ${String(goal.atLeast)}`;
};

const isMet = (goal: Goal, value: number): boolean => ("atMost" in goal ? value <= goal.atMost : value >= goal.atLeast);

const verdictText = (goal: Goal | undefined, value: number, isVoid: boolean): string => {
  if (!goal) return "";
  if (isVoid) return "**not shown** (void)";
  return isMet(goal, value) ? "met" : "**missed**";
};

const comparisonRow = ({ what, unit, against, goal }: Comparison, verdict: Verdict): string => {
  const cells = [
    what,
    `${shown(verdict.subject)} ${unit}`,
    `${against}: ${shown(verdict.floor)} ${unit}`,
    shown(verdict.ratio),
    goalText(goal),
    verdictText(goal, verdict.ratio, verdict.void),
    `${(verdict.movement * 100).toFixed(0)} %`,
  ];
  return `| ${cells.join(" | ")} |`;
};

const figureRow = ({ what, value, unit, goal }: Figure): string =>
  `| ${[what, `${shown(value)} ${unit}`.trim(), goalText(goal), verdictText(goal, value, false)].join(" | ")} |`;

const comparisonTable = (comparisons: readonly Comparison[]): string => {
  if (comparisons.length === 0) return "";
  const rows = comparisons.map((one) => comparisonRow(one, judge(one.rounds)));
  const rounds = Math.min(...comparisons.map((one) => one.rounds.length));
  return `| ${String(rounds)} rounds | subject | against | ratio | goal | | moved |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}`;
};

const figureTable = (figures: readonly Figure[]): string =>
  figures.length === 0 ? "" : `| | value | goal | |\n| --- | --- | --- | --- |\n${figures.map(figureRow).join("\n")}`;

/** Findings as Markdown. `moved`: how far the other side was from its median; more than 20 % makes the row void. */
export const findingsText = (findings: Findings): string => {
  const { failed, of } = findings.errors;
  const parts = [
    findings.about,
    comparisonTable(findings.comparisons),
    figureTable(findings.figures ?? []),
    `Errors: ${String(failed)} of ${String(of)}.`,
    findings.notes ?? "",
    machineFacts(findings.facts),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
};

/**
 * Prints what was found, and publishes it in docs/benchmarks.md unless this is a short pass. Errors fail the run, and so
 * does a run in which every comparison is void.
 */
export const publish = (findings: Findings): void => {
  const text = findingsText(findings);
  process.stdout.write(`\n${text}\n`);
  if (!quick) writeSection(join(root, "docs/benchmarks.md"), findings.name, text);
  const verdicts = findings.comparisons.map(({ rounds }) => judge(rounds));
  const allVoid = verdicts.length > 0 && verdicts.every((verdict) => verdict.void);
  if (findings.errors.failed > 0 || (allVoid && !quick)) process.exitCode = 1;
};

/** The value below which the share `part` of them lies. */
export const percentile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? NaN;
};

/** A number from the environment, else the one for a short or for a whole pass. */
export const sized = (variable: string, { whole, short }: { whole: number; short: number }): number =>
  Number(process.env[variable] ?? (quick ? short : whole));

/** Runs the two sides of each round one after the other, in turn first; says on the way how it goes. */
export const interleave = async (
  rounds: number,
  subject: () => Promise<number>,
  floor: () => Promise<number>,
): Promise<Round[]> => {
  const found: Round[] = [];
  for (let index = 0; index < rounds; index += 1) {
    const subjectFirst = index % 2 === 0;
    const early = await (subjectFirst ? subject() : floor());
    const late = await (subjectFirst ? floor() : subject());
    const round = subjectFirst ? { subject: early, floor: late } : { subject: late, floor: early };
    found.push(round);
    const told = `${shown(round.subject)} against ${shown(round.floor)}`;
    process.stdout.write(`round ${String(index + 1)} of ${String(rounds)}: ${told}\n`);
  }
  return found;
};

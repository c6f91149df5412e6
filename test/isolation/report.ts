import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Count, countsFolder } from "./attempts.ts";

const file = join(import.meta.dirname, "../../docs/isolation.md");

const rowOf = ({ area, what, attempts, crossed }: Count): string =>
  `| ${area} | ${what} | ${attempts} | ${crossed.length} |`;

const reportOf = (counts: readonly Count[], attempts: number, crossed: number): string => {
  const notes = counts.flatMap((count) => [
    ...count.notes.map((text) => `- ${count.area}: ${text}`),
    ...count.crossed.map((attempt) => `- ${count.area}, **crossed**: ${attempt}`),
  ]);
  return `<!-- Written by make isolation. -->

# Isolation

What one vault can do to another, to the platform and to the cluster, tried with two vaults on
${new Date().toISOString().slice(0, 10)}: **${attempts} attempts, ${crossed} crossed.** \`make isolation\` tries all of it again.

| area | what was tried | attempts | crossed |
| --- | --- | --- | --- |
${counts.map(rowOf).join("\n")}
${notes.length > 0 ? `\n${notes.join("\n")}\n` : ""}`;
};

/** Writes docs/isolation.md from what the suites have counted, and returns the sums. */
export const publishReport = (): { attempts: number; crossed: number } => {
  const counts = readdirSync(countsFolder)
    .map((name) => JSON.parse(readFileSync(join(countsFolder, name), "utf8")) as Count)
    .sort((one, other) => (one.area < other.area ? -1 : 1));
  const attempts = counts.reduce((sum, count) => sum + count.attempts, 0);
  const crossed = counts.reduce((sum, count) => sum + count.crossed.length, 0);
  writeFileSync(file, reportOf(counts, attempts, crossed));
  return { attempts, crossed };
};

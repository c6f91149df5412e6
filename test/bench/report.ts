import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

/** The middle of a list; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}

/** What a figure was measured on, in one line. */
export function machineFacts(also: readonly string[] = []): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]?.toFixed(2) ?? "?";
  const facts = [
    `${cores.length} cores (${cores[0]?.model.trim() ?? "unknown"})`,
    `${memory} GiB`,
    `Linux ${release()}`,
    `Node ${process.version}`,
    ...also,
    `load ${load}`,
  ];
  return facts.join(" · ");
}

const heading = `# Benchmarks

What was measured, against what, and what came out, misses like hits. Each section is written by its benchmark
(\`make bench NAME=…\`); ratios are medians of per-round ratios, subject and peer interleaved in one run.
`;

/** Puts a section into docs/benchmarks.md in place of the one of the same name; the file is made when it is missing. */
export function writeSection(path: string, name: string, text: string): void {
  const before = existsSync(path) ? readFileSync(path, "utf8") : heading;
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const section = `${start}\n## ${name}\n\n${text.trim()}\n${end}`;
  const from = before.indexOf(start);
  const to = before.indexOf(end);
  const after =
    from === -1 || to === -1
      ? `${before.trimEnd()}\n\n${section}\n`
      : before.slice(0, from) + section + before.slice(to + end.length);
  writeFileSync(path, after);
}

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { withDemo } from "../with-demo.ts";

const root = join(import.meta.dirname, "../..");

/** Every benchmark: a program of its own in this folder, which prints what it found and writes docs/benchmarks.md. */
const benches: Readonly<Record<string, { about: string; needsDemo: boolean }>> = {
  "app-boot": { about: "the vault's process, from its start to its first answer", needsDemo: false },
  "tenant-live": { about: "a Tenant, from kubectl apply to its first answer at its address", needsDemo: true },
};

const usage = (): string =>
  [
    "usage: make bench [NAME=<name>]   (node test/bench/run.ts [name…] [--quick])",
    ...Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(14)} ${about}`),
  ].join("\n");

const runBench = (name: string, flags: string[]): boolean => {
  process.stdout.write(`\n▸ ${name}: ${benches[name]?.about ?? ""}\n`);
  const program = join(import.meta.dirname, `${name}.ts`);
  return spawnSync(process.execPath, [program, ...flags], { cwd: root, stdio: "inherit" }).status === 0;
};

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg === "--quick");
const names = args.filter((arg) => !arg.startsWith("--"));
const unknown = args.filter((arg) => !(arg in benches) && arg !== "--quick" && arg !== "--list");
if (unknown.length > 0 || args.includes("--list")) {
  process.stdout.write(`${unknown.length > 0 ? `There is no benchmark ${unknown.join(", ")}.\n` : ""}${usage()}\n`);
  process.exit(unknown.length > 0 ? 2 : 0);
}
const wanted = Object.keys(benches).filter((name) => names.length === 0 || names.includes(name));
const runAll = (): boolean => wanted.map((name) => runBench(name, flags)).every(Boolean);
const needsDemo = wanted.some((name) => benches[name]?.needsDemo);
process.exit((needsDemo ? await withDemo(root, runAll) : runAll()) ? 0 : 1);

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { withDemo } from "../with-demo.ts";
import { openWorld, placeOf, worldVariable } from "./world/open-world.ts";

const root = join(import.meta.dirname, "../..");

/** What a benchmark runs in: nothing but itself, the pretended cluster of this folder, or the demo installation. */
type Setting = "alone" | "world" | "demo";

/** Every benchmark: a program of its own in this folder, which prints what it found and writes docs/benchmarks.md. */
const benches: Readonly<Record<string, { about: string; setting: Setting }>> = {
  "app-boot": { about: "the vault's process, from its start to its first answer", setting: "alone" },
  "db-provision": { about: "a vault's database, from nothing to open", setting: "alone" },
  "fleet-migrate": { about: "a step of the schema over many databases", setting: "alone" },
  gateway: { about: "passing a request on, beside nginx", setting: "alone" },
  "api-read": { about: "reading one organization and a page of them, beside fastify and express", setting: "alone" },
  "api-write": { about: "taking a registration, beside fastify and express", setting: "alone" },
  "tenant-ready": { about: "a Tenant, from applying it to Ready, one after the other", setting: "world" },
  "tenant-burst": { about: "many Tenants at once", setting: "world" },
  "registration-burst": { about: "many registrations at once, until all vaults are Ready", setting: "world" },
  settle: { about: "many tenants that nobody touches: no writes, little memory", setting: "world" },
  "noop-reconcile": { about: "looking at every tenant when all is in sync", setting: "world" },
  "drift-repair": { about: "an object broken by hand, until it is right again", setting: "world" },
  "restart-catch-up": { about: "the operator killed, until the next one knows everything", setting: "world" },
  "memory-per-tenant": { about: "what one more tenant costs the operator's memory", setting: "world" },
  delete: { about: "Tenants deleted, until nothing is left of them", setting: "world" },
  "tenant-live": { about: "a Tenant, from kubectl apply to its first answer at its address", setting: "demo" },
  "registration-ready": { about: "a registration, from its proof to the vault's first answer", setting: "demo" },
};

const usage = (): string =>
  [
    "usage: make bench [NAME=<name>]   (node test/bench/run.ts [name…] [--quick])",
    ...Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(18)} ${about}`),
  ].join("\n");

const secondsSince = (beganMs: number): string => `${((performance.now() - beganMs) / 1000).toFixed(0)} s`;

const runBench = (name: string, flags: string[], env: Record<string, string>): boolean => {
  const began = performance.now();
  process.stdout.write(`\n▸ ${name}: ${benches[name]?.about ?? ""}\n`);
  const program = join(import.meta.dirname, `${name}.ts`);
  const { status } = spawnSync(process.execPath, [program, ...flags], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  process.stdout.write(`(${secondsSince(began)})\n`);
  return status === 0;
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
const inSetting = (setting: Setting): string[] => wanted.filter((name) => benches[name]?.setting === setting);
const runAll = (some: readonly string[], env: Record<string, string> = {}): boolean =>
  some.map((name) => runBench(name, flags, env)).every(Boolean);

/** Those that share a world run in it one after the other: each finds the tenants of those before it. */
const runInWorld = async (some: readonly string[]): Promise<boolean> => {
  if (some.length < 2) return runAll(some);
  const world = await openWorld();
  try {
    return runAll(some, { [worldVariable]: JSON.stringify(placeOf(world)) });
  } finally {
    await world.close();
  }
};

const results = [runAll(inSetting("alone")), await runInWorld(inSetting("world"))];
const onDemo = inSetting("demo");
if (onDemo.length > 0) results.push(await withDemo(root, () => runAll(onDemo)));
process.stdout.write(`\nall in ${secondsSince(0)}\n`);
process.exit(results.every(Boolean) ? 0 : 1);

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { adminUrl, runSql } from "../e2e/support/admin-database.ts";
import { openDemo, type Demo } from "../e2e/support/demo-installation.ts";
import { createTenants, randomSlug, tenantManifest, vaultNamespace, type Tenants } from "../e2e/support/tenants.ts";
import { copyWorkload, type BareDeployment } from "./bare-deployment.ts";
import { quick, sized } from "./findings.ts";
import { goLive } from "./load/live-vault.ts";
import { machineFacts, writeSection } from "./report.ts";
import { judge, type Round, type Verdict } from "./rounds.ts";

// tenant-live: from applying a Tenant to the first 200 at its public address, through the gateway, with a real pod.
// Floor: the same pod as a bare Deployment from 0 to 1 until it answers, and one copy of the golden template, which is
// all that nobody can do without. Both sides pay for scheduling, containerd, the kubelet's probes and the vault's start.

const root = join(import.meta.dirname, "../..");
const count = sized("ROUNDS", { whole: 9, short: 1 });
const goal = 1.15;

/** One durable copy, as for one customer who waits. */
const copyTemplate = async (admin: string): Promise<number> => {
  const golden = "SELECT datname AS name FROM pg_database WHERE datname ~ '^golden_' ORDER BY oid DESC LIMIT 1";
  const [template] = await runSql<{ name: string }>(admin, golden);
  if (!template) throw new Error("There is no golden template on the server: is the demo up?");
  await runSql(admin, "DROP DATABASE IF EXISTS bench_copy");
  const began = performance.now();
  await runSql(admin, `CREATE DATABASE bench_copy TEMPLATE "${template.name}" STRATEGY WAL_LOG`);
  const took = performance.now() - began;
  await runSql(admin, "DROP DATABASE bench_copy");
  return took;
};

type Floor = { bare: BareDeployment; admin: string };

const measureFloor = async ({ bare, admin }: Floor): Promise<number> => {
  const started = await bare.start();
  await bare.stop();
  return started + (await copyTemplate(admin));
};

const measure = async (demo: Demo, tenants: Tenants, floor: Floor): Promise<Round[]> => {
  // Once each, unmeasured: images, page cache and connections are warm.
  await goLive(demo, tenants);
  await measureFloor(floor);
  const rounds: Round[] = [];
  for (let index = 0; index < count; index += 1) {
    // Deleting goes on in the background for a moment; the next measurement begins on an idle system.
    await pause(2000);
    const subjectFirst = index % 2 === 0;
    const early = subjectFirst ? await goLive(demo, tenants) : await measureFloor(floor);
    await pause(2000);
    const late = subjectFirst ? await measureFloor(floor) : await goLive(demo, tenants);
    const round = subjectFirst ? { subject: early, floor: late } : { subject: late, floor: early };
    rounds.push(round);
    const told = `${round.subject.toFixed(0)} ms against ${round.floor.toFixed(0)} ms`;
    process.stdout.write(`round ${String(index + 1)} of ${String(count)}: ${told}\n`);
  }
  return rounds;
};

const reportOf = (rounds: Round[], verdict: Verdict, facts: string): string => {
  const rows = rounds.map(
    ({ subject, floor }, index) =>
      `| ${String(index + 1)} | ${subject.toFixed(0)} ms | ${floor.toFixed(0)} ms | ${(subject / floor).toFixed(2)} |`,
  );
  const moved = (verdict.movement * 100).toFixed(0);
  const restless = verdict.void ? " **The machine was not quiet enough: by our own rule this run is void.**" : "";
  return `From applying one Tenant on an idle system to the first 200 at its public address (subject; asked for from the moment it
is Ready), real pods, ${String(rounds.length)} rounds, interleaved. Floor: the same pod as a bare Deployment from 0 to 1 until it answers through its Service, and one durable
copy of the golden template (WAL_LOG, fsync on), one after the other.

| round | subject | floor | ratio |
| --- | --- | --- | --- |
${rows.join("\n")}
| **median** | ${verdict.subject.toFixed(0)} ms | ${verdict.floor.toFixed(0)} ms | **${verdict.ratio.toFixed(2)}** |

Goal: at most ${String(goal)} of the floor: ${verdict.ratio.toFixed(2)}, ${verdict.void ? "**not shown**, as this run is void" : verdict.ratio <= goal ? "met" : "**missed**"}. Errors: 0 of ${String(rounds.length)}. The floor moved by up to ${moved} % from its median.${restless}

${facts}`;
};

const factsOf = async (demo: Demo, admin: string): Promise<string> => {
  const settings = "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync";
  const [server] = await runSql<{ version: string; fsync: string }>(admin, settings);
  const { stdout } = await demo.kubectl(["version", "--output", "json"]);
  const version = (JSON.parse(stdout) as { serverVersion?: { gitVersion?: string } }).serverVersion?.gitVersion;
  const also = [`Kubernetes ${version ?? "?"}`, `PostgreSQL ${server?.version ?? "?"}, fsync ${server?.fsync ?? "?"}`];
  return machineFacts(also);
};

const run = async (): Promise<void> => {
  const demo = await openDemo({ breaksThings: true });
  const tenants = createTenants(demo);
  const namespace = randomSlug("bench-floor");
  const pattern = randomSlug("pattern");
  // A vault with everything but a pod: its database and Secret serve the bare Deployment.
  await tenants.apply(tenantManifest(pattern, { activity: "Suspended" }));
  let bare: BareDeployment | undefined;
  try {
    const made = await tenants.until(pattern, "is suspended", ({ status }) => status?.phase === "Suspended");
    const admin = await adminUrl(demo);
    bare = await copyWorkload(demo, vaultNamespace(made), namespace);
    const rounds = await measure(demo, tenants, { bare, admin });
    const verdict = judge(rounds);
    const text = reportOf(rounds, verdict, await factsOf(demo, admin));
    process.stdout.write(`\n${text}\n`);
    if (!quick) writeSection(join(root, "docs/benchmarks.md"), "tenant-live", text);
    if (verdict.void) process.exitCode = 1;
  } finally {
    await bare?.remove();
    await tenants.removeAll();
    demo.close();
  }
};

await run();

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSteps } from "./check-steps.ts";
import { withDemo } from "./with-demo.ts";

/** Sums of one suite. A suite that cannot even run counts as one failure. */
type Tally = { passed: number; failed: number; skipped: number };

type JestResult = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
};

const root = join(import.meta.dirname, "..");
const suites = ["check", "unit", "integration", "faults", "e2e"] as const;
type Suite = (typeof suites)[number];

const runChecks = (): Tally => {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, command } of checkSteps) {
    const started = Date.now();
    const { status } = spawnSync(command[0], command.slice(1), { cwd: root, stdio: "inherit" });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${status === 0 ? "✓" : "✗"} ${name} (${seconds} s)`);
    tally[status === 0 ? "passed" : "failed"] += 1;
  }
  return tally;
};

const readResult = (file: string): Tally => {
  const result = JSON.parse(readFileSync(file, "utf8")) as JestResult;
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests,
  };
};

/**
 * The integration suites run in lanes, each on servers of its own: most of their time they wait, for controllers, timers
 * and browsers. Shared out so that all lanes take about as long; what no pattern names is in the last.
 */
const lanePatterns = ["deletion|drift|migration|leader|rotation|kube-faults", "console|pages|gateway|vault-|adoption"];
const integrationLanes = [
  ...lanePatterns.map((names) => ["--testPathPatterns", `integration/(${names})`]),
  ["--testPathIgnorePatterns", `integration/(${lanePatterns.join("|")})`],
];
const lanesOf = (suite: Suite): string[][] => {
  if (suite === "unit") return [[]];
  return (suite === "integration" ? integrationLanes : [[]]).map((lane) => ["--runInBand", ...lane]);
};

const runLane = async (suite: Suite, lane: readonly string[]): Promise<Tally> => {
  const folder = mkdtempSync(join(tmpdir(), "polyphony-jest-"));
  const outputFile = join(folder, "result.json");
  const args = ["--selectProjects", suite, "--json", "--outputFile", outputFile, "--forceExit", ...lane];
  const jest = spawn("jest", args, {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "--experimental-vm-modules --no-warnings" },
  });
  try {
    await once(jest, "close");
    return readResult(outputFile);
  } catch {
    console.error(`The suite "${suite}" ended without a result; see its output above.`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const add = (sum: Tally, { passed, failed, skipped }: Tally): Tally => ({
  passed: sum.passed + passed,
  failed: sum.failed + failed,
  skipped: sum.skipped + skipped,
});
const none: Tally = { passed: 0, failed: 0, skipped: 0 };

const runJest = async (suite: Suite): Promise<Tally> =>
  (await Promise.all(lanesOf(suite).map((lane) => runLane(suite, lane)))).reduce(add);

/** A part of the fault suite that the seed chooses, in at most six minutes; each plan counts as a test. */
const runFaults = (): Tally => {
  const folder = mkdtempSync(join(tmpdir(), "polyphony-faults-"));
  const outputFile = join(folder, "result.json");
  const part = ["--each", "6", "--seconds", "280", "--seed", process.env["SEED"] ?? "1", "--json", outputFile];
  spawnSync("node", ["test/faults/run.ts", ...part], { cwd: root, stdio: "inherit" });
  try {
    return JSON.parse(readFileSync(outputFile, "utf8")) as Tally;
  } catch {
    console.error('The suite "faults" ended without a result; see its output above.');
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const runSuite = async (suite: Suite): Promise<Tally> => {
  console.log(`\n▸ ${suite}`);
  if (suite === "check") return runChecks();
  if (suite === "faults") return runFaults();
  if (suite !== "e2e") return runJest(suite);
  return withDemo(root, () => runJest(suite)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0 };
  });
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suite) => suite === name));
if (unknown.length > 0 || wanted.length === 0) {
  console.error(`usage: node test/run.ts <suite…>; the suites are ${suites.join(", ")}`);
  process.exit(2);
}
let total = none;
for (const suite of suites.filter((name) => wanted.includes(name))) {
  const tally = await runSuite(suite);
  console.log(`${suite}: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  total = add(total, tally);
}
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exit(total.failed > 0 ? 1 : 0);

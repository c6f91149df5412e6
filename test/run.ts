import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSteps } from "./check-steps.ts";
import {
  addTallies,
  type JestResult,
  nothingRun,
  readTally,
  sumsLine,
  type Tally,
  tallyOfJest,
  tellFailures,
} from "./tally.ts";
import { withDemo } from "./with-demo.ts";

const root = join(import.meta.dirname, "..");
const suites = ["check", "unit", "integration", "faults", "e2e"] as const;
type Suite = (typeof suites)[number];

const runChecks = (): Tally => {
  let tally = nothingRun;
  for (const { name, command } of checkSteps) {
    const started = Date.now();
    const passed = spawnSync(command[0], command.slice(1), { cwd: root, stdio: "inherit" }).status === 0;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${passed ? "✓" : "✗"} ${name} (${seconds} s)`);
    const failures = passed
      ? []
      : [{ name: `check › ${name}`, said: `Its own output stands above; again: ${command.join(" ")}` }];
    tally = addTallies(tally, { passed: passed ? 1 : 0, skipped: 0, failures });
  }
  return tally;
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
    return readTally(outputFile, suite, (written) => tallyOfJest(written as JestResult, root));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const runJest = async (suite: Suite): Promise<Tally> =>
  (await Promise.all(lanesOf(suite).map((lane) => runLane(suite, lane)))).reduce(addTallies);

/** A part of the fault suite that the seed chooses, in at most six minutes; each plan counts as a test. */
const runFaults = (): Tally => {
  const folder = mkdtempSync(join(tmpdir(), "polyphony-faults-"));
  const outputFile = join(folder, "result.json");
  const part = ["--each", "6", "--seconds", "280", "--seed", process.env["SEED"] ?? "1", "--json", outputFile];
  spawnSync("node", ["test/faults/run.ts", ...part], { cwd: root, stdio: "inherit" });
  try {
    return readTally(outputFile, "faults", (written) => written as Tally);
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
    const said = error instanceof Error ? error.message : String(error);
    return { ...nothingRun, failures: [{ name: suite, said }] };
  });
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suite) => suite === name));
if (unknown.length > 0 || wanted.length === 0) {
  console.error(`usage: node test/run.ts <suite…>; the suites are ${suites.join(", ")}`);
  process.exit(2);
}
let total = nothingRun;
for (const suite of suites.filter((name) => wanted.includes(name))) {
  const tally = await runSuite(suite);
  console.log(`${suite}: ${sumsLine(tally)}`);
  total = addTallies(total, tally);
}
console.log(`\n${tellFailures(total)}\n${sumsLine(total)}`);
process.exit(total.failures.length > 0 ? 1 : 0);

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkoutFolder } from "../../cluster/machine/folders.ts";
import { buildOperator } from "../../operator/build.ts";
import { addTallies, type Failure, nothingRun, type Tally } from "../tally.ts";
import { choosePlans } from "./choose-plans.ts";
import { openLane } from "./lane.ts";
import { operationOf, operations } from "./operations/index.ts";
import type { Operation } from "./operations/operation.ts";
import { Plan } from "./plan.ts";
import { randomSource, shuffled } from "./random.ts";
import { renderReport, summary, tallyOutcomes, tellOutcome } from "./report.ts";
import { keepResults } from "./results.ts";
import type { Outcome, Reference } from "./run-plan.ts";

const usage = `usage: node test/faults/run.ts [--seed N] [--only operation,…] [--fault kind] [--plan file] [--each N] [--seconds N]
       [--lanes N] [--json file]

  --only     these operations; all of them otherwise
  --fault    this kind of fault only
  --plan     one plan again, from its file
  --each     so many plans of each operation, chosen by the seed; all of them otherwise
  --seconds  no plan is begun after this time
  --lanes    so many worlds side by side (3)
  --json     writes how many passed, and what failed
`;

const options = () => {
  try {
    const { values } = parseArgs({
      options: Object.fromEntries(
        ["seed", "only", "fault", "plan", "each", "seconds", "lanes", "json"].map((name) => [name, { type: "string" }]),
      ),
    });
    const given = Object.entries(values).filter(([, value]) => value !== "");
    return Object.fromEntries(given) as Record<string, string | undefined>;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
};

const asked = options();
const seed = Number(asked["seed"] ?? 1);
const began = performance.now();
const deadlineMs = asked["seconds"] ? began + Number(asked["seconds"]) * 1000 : Infinity;
const replayed = asked["plan"]
  ? Plan.parse(JSON.parse(readFileSync(join(checkoutFolder, asked["plan"]), "utf8")))
  : null;
const wanted = replayed
  ? [operationOf(replayed.operation)]
  : (asked["only"]?.split(",").map(operationOf) ?? [...operations]);
/** All plans of the operations asked for: their part of the page is renewed. */
const whole = !replayed && !asked["fault"] && !asked["each"];

const chosen = (operation: Operation, trace: Reference["trace"]): Plan[] => {
  if (replayed) return [replayed];
  // Another seed for each operation: all of them together try everything.
  const random = randomSource(seed * 1000 + operations.indexOf(operation));
  const all = choosePlans(operation.name, trace, random).filter(
    ({ fault }) => asked["fault"] === undefined || fault.kind === asked["fault"],
  );
  const few = operation.varies ? 8 : all.length;
  return few < all.length || asked["each"] ? shuffled(all, random).slice(0, Number(asked["each"] ?? few)) : all;
};

const folder = mkdtempSync(join(tmpdir(), "polyphony-faults-"));
const outcomes: Outcome[] = [];
const broken: Failure[] = [];
const done = new Map<string, { cutOff: boolean }>();
const told = (outcome: Outcome): void => {
  outcomes.push(outcome);
  console.log(tellOutcome(outcome));
};

/** Takes operations from the list until there are none left. */
const work = async (lane: number, queue: Operation[]): Promise<void> => {
  const opened = await openLane({
    folder: join(folder, `world-${lane}`),
    program: join(folder, "operator.mjs"),
    told,
    deadlineMs,
  });
  try {
    for (let next = queue.shift(); next && performance.now() < deadlineMs; next = queue.shift()) {
      const operation = next;
      try {
        await opened.run(operation, (trace) => chosen(operation, trace));
        done.set(operation.name, { cutOff: performance.now() > deadlineMs });
      } catch (error) {
        const failure = { name: operation.name, said: `could not be run: ${(error as Error).stack ?? String(error)}` };
        broken.push(failure);
        console.error(`✗ ${failure.name} ${failure.said}`);
      }
    }
  } finally {
    await opened.stop();
  }
};

try {
  await buildOperator(folder);
  // A part that runs out of time has not always left out the same.
  const queue = asked["each"] ? shuffled(wanted, randomSource(seed)) : [...wanted];
  const lanes = Math.min(queue.length, Number(asked["lanes"] ?? 3));
  await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane, queue)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const minutes = Math.round((performance.now() - began) / 60_000);
const sums: Tally = addTallies(tallyOutcomes(outcomes), { ...nothingRun, failures: broken });
if (asked["json"]) writeFileSync(asked["json"], JSON.stringify(sums));
if (whole) {
  const page = renderReport(keepResults(done, outcomes, seed));
  writeFileSync(join(checkoutFolder, "docs", "faults.md"), page);
}
console.log(
  `\n${summary(outcomes)}${broken.length > 0 ? `; not run: ${broken.map(({ name }) => name).join(", ")}` : ""} (${minutes} min, seed ${seed})`,
);
process.exit(sums.failures.length > 0 ? 1 : 0);

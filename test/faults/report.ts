import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { checkoutFolder, stateFolder } from "../../cluster/machine/folders.ts";
import type { Tally } from "../tally.ts";
import { invariants } from "./invariants/finding.ts";
import { operations } from "./operations/index.ts";
import { type FaultKind, type Plan, planId } from "./plan.ts";
import { registryFaults } from "./registry-faults.ts";
import type { Result, Results } from "./results.ts";
import type { Outcome } from "./run-plan.ts";

const folder = join(stateFolder, "faults");

/** The file that replays a plan. */
const fileOf = (plan: Plan): string => {
  const name = planId(plan).replaceAll(/[^A-Za-z0-9]+/g, "-");
  return join(folder, `${name.slice(0, 120)}.json`);
};

/** Writes the file that replays a plan, with the operator's log beside it. */
const savePlan = ({ plan, log }: Outcome): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(plan), `${JSON.stringify(plan, null, 2)}\n`);
  writeFileSync(fileOf(plan).replace(/json$/, "log"), log);
};

/** What a failed plan found, and how to have it again. */
const tellFindings = ({ plan, findings }: Outcome): string => {
  const found = findings.slice(0, 12).map(({ invariant, what }) => `${invariant}: ${what}`);
  return [...found, `again: make faults PLAN=${relative(checkoutFolder, fileOf(plan))}`].join("\n");
};

/** What a plan's end looks like on a terminal; a failed one is saved, and told with how to have it again. */
export const tellOutcome = (outcome: Outcome): string => {
  const mark = { passed: "✓", failed: "✗", missed: "·" }[outcome.verdict];
  const line = `${mark} ${planId(outcome.plan)} (${(outcome.ms / 1000).toFixed(1)} s)`;
  if (outcome.verdict !== "failed") return line;
  savePlan(outcome);
  return `${line}\n${tellFindings(outcome).replaceAll(/^/gm, "    ")}`;
};

/** The plans as tests; one whose moment never came is a skipped one. */
export const tallyOutcomes = (outcomes: readonly Outcome[]): Tally => ({
  passed: outcomes.filter(({ verdict }) => verdict === "passed").length,
  skipped: outcomes.filter(({ verdict }) => verdict === "missed").length,
  failures: outcomes
    .filter(({ verdict }) => verdict === "failed")
    .map((outcome) => ({ name: `faults › ${planId(outcome.plan)}`, said: tellFindings(outcome) })),
});

const faultsInWords: Record<Exclude<FaultKind, "none">, string> = {
  kill: "operator killed before or after each write (1, 2, 3)",
  "kill-twice": "killed, and its successor too (6)",
  "api-crash": "API server killed, 0 and 10 s down (8)",
  conflicts: "409 on every second update (10)",
  "conflicts-only": "only 409 for 10 s (10)",
  storm: "429, 500, 503, 504, cut connections (12)",
  "silent-watches": "watches silent without an end (13)",
  "old-lists": "restarted on old lists (14)",
  zombie: "leader stopped, replaced, woken (16)",
  "lease-deleted": "Lease deleted (16)",
  "skewed-clock": "killed, and its successor's clock is wrong by an hour; then the Lease is deleted too (16)",
  quiet: "restarted when all is done: nothing is written for a minute",
  "database-crash": "PostgreSQL killed at each of its steps (20)",
  "empty-lists": "restarted on an empty list of Tenants (36)",
};

type Tried = Result["plans"];

const count = (plans: Tried, verdict: Outcome["verdict"]): number =>
  plans.filter((plan) => plan.verdict === verdict).length;

const said = (plans: Tried): string => {
  const total = plans.length - count(plans, "missed");
  return `${total} plans, ${count(plans, "failed")} failing`;
};

const cell = (plans: Tried): string => {
  const failing = count(plans, "failed");
  const total = plans.length - count(plans, "missed");
  if (total === 0) return "–";
  return failing > 0 ? `${total}, **${failing} failing**` : String(total);
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

export const summary = (outcomes: readonly Outcome[]): string =>
  said(outcomes.map(({ plan, verdict }) => ({ kind: plan.fault.kind, verdict })));

/** The page that people read: what was run, how it went, what it means. */
export const renderReport = (results: Results): string => {
  const all = Object.values(results).flatMap(({ plans }) => plans);
  const missed = count(all, "missed");
  const dates = Object.values(results).map(({ date }) => date);
  const byOperation = operations.map(({ name, is }) => {
    const { writes = 0, plans = [], cutOff = false } = results[name] ?? {};
    const kills = plans.filter(({ kind }) => kind === "kill");
    const others = plans.filter(({ kind }) => kind !== "kill");
    return [`\`${name}\`${cutOff ? " †" : ""}`, is, String(writes), cell(kills), cell(others)];
  });
  const byFault = Object.entries(faultsInWords).map(([kind, words]) => [
    `\`${kind}\``,
    words,
    cell(all.filter((plan) => plan.kind === kind)),
  ]);
  return `# Faults

**${said(all)}.** (${dates.sort().at(-1) ?? "never run"}; the last run of each operation. ${missed} more, whose moment never came, say nothing and are not counted.)

The operator runs as a process against a real API server and a real PostgreSQL, each behind a proxy that sees every write. Every operation
is first run without faults: that gives its trace, the list of its writes, and the state it ends in. Then it is run again for every plan, on a
tenant of its own: something is killed, cut off, frozen or made to lie at one chosen write. When all has settled, the end state (objects, roles,
memberships, rights, settings, rows) and how often each thing was made and taken down must equal those of the run without faults, and the
promises below must hold.

## By operation

${table(["operation", "is", "writes", "killed before and after each", "other faults"], byOperation)}

${Object.values(results).some(({ cutOff }) => cutOff) ? "† The run's time was up before all of its plans.\n" : ""}
## By fault

${table(["fault", "is (number in the fault catalogue)", "plans"], byFault)}

## The promises

${table(
  ["", "is"],
  Object.entries(invariants).map(([name, words]) => [name, words]),
)}

## The registry

Control API, worker, registry database, queue and mail server are real in these; each row is a test of \`make test\`.

${table(["fault", "what happens", "what must hold", "shown by"], registryFaults)}

## Run it

\`\`\`sh
make faults                       # everything; writes this page
make faults ONLY=delete           # one operation, or several: ONLY=create,delete; renews their part of this page
make faults ONLY=delete FAULT=kill
make faults SEED=7                # other samples of the faults that are tried at some writes only
make faults PLAN=.state/faults/…  # one plan again; a failing plan says its file
\`\`\`

\`make test\` runs a seeded part of it. Pods are run by a stand-in for the kubelet that starts the application for real: it reads its Secret, logs in
to its database, becomes ready when the schema fits, and then reads all the time, so that a lost read shows.
`;
};

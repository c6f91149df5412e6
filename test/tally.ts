import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** One test that failed: where it stands, and the first lines of what it said. */
export type Failure = { name: string; said: string };

/** Sums of one suite. A suite that cannot even run counts as one failure. */
export type Tally = { passed: number; skipped: number; failures: readonly Failure[] };

/** What jest writes with `--json`; its documentation calls it the test results processor's argument. */
export type JestResult = {
  numPassedTests: number;
  numPendingTests: number;
  testResults: readonly {
    name: string;
    status: string;
    message: string;
    assertionResults: readonly { status: string; fullName: string; failureMessages: readonly string[] }[];
  }[];
};

export const nothingRun: Tally = { passed: 0, skipped: 0, failures: [] };

export const addTallies = (one: Tally, other: Tally): Tally => ({
  passed: one.passed + other.passed,
  skipped: one.skipped + other.skipped,
  failures: [...one.failures, ...other.failures],
});

const saidLines = 5;

/** What a message says before it tells where: the whole of it stands where the test ran. */
const failureOf = (name: string, message: string): Failure => {
  const lines = stripVTControlCharacters(message).split("\n");
  const said = lines.filter((line) => line.trim() !== "" && !line.trimStart().startsWith("at "));
  return { name, said: said.slice(0, saidLines).join("\n") };
};

/** The sums of a jest run; a test file that could not be run is one failure, as its tests are not counted. */
export const tallyOfJest = ({ numPassedTests, numPendingTests, testResults }: JestResult, root: string): Tally => ({
  passed: numPassedTests,
  skipped: numPendingTests,
  failures: testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0 && status === "failed") return [failureOf(file, message)];
    return failed.map(({ fullName, failureMessages }) =>
      failureOf(`${file} › ${fullName}`, failureMessages.join("\n")),
    );
  }),
});

/**
 * What a suite that runs in a process of its own wrote into a file.
 * @returns one failure when it wrote none: it ended before its end.
 */
export const readTally = (file: string, suite: string, tallyOf: (written: unknown) => Tally): Tally => {
  try {
    return tallyOf(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return { ...nothingRun, failures: [{ name: suite, said: "It ended without a result; see its output above." }] };
  }
};

/** Everything that failed, to stand at the end of a long output; empty when nothing did. */
export const tellFailures = ({ failures }: Tally): string =>
  failures.map(({ name, said }) => `✗ ${name}\n${said.replaceAll(/^ */gm, "    ")}\n`).join("");

/** The line that ends a run. */
export const sumsLine = ({ passed, skipped, failures }: Tally): string =>
  `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

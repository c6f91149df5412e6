import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { addTallies, type JestResult, nothingRun, readTally, sumsLine, tallyOfJest, tellFailures } from "../tally.ts";

const testFile = (name: string, over: Partial<JestResult["testResults"][number]>) => ({
  name: `/project/test/${name}`,
  status: "failed",
  message: "",
  assertionResults: [],
  ...over,
});

const result: JestResult = {
  numPassedTests: 2,
  numPendingTests: 1,
  testResults: [
    testFile("one.test.ts", {
      message: "● stands here too",
      assertionResults: [
        { status: "passed", fullName: "adds", failureMessages: [] },
        {
          status: "failed",
          fullName: "takes away",
          failureMessages: [
            `${styleText("red", "Expected: 1", { validateStream: false })}\n\nReceived: 2\n    at Object.toBe (one.test.ts:2:34)`,
          ],
        },
      ],
    }),
    testFile("two.test.ts", { message: "Cannot find module './gone.ts'" }),
    testFile("three.test.ts", { status: "passed", message: "" }),
  ],
};

const readJest = (file: string) => readTally(file, "unit", (written) => tallyOfJest(written as JestResult, "/"));

describe("The sums of a run", () => {
  it("name each failed test, and each file that could not be run, at the end of the output", () => {
    const tally = tallyOfJest(result, "/project");
    expect(sumsLine(tally)).toBe("2 passed, 2 failed, 1 skipped");
    expect(tellFailures(tally)).toBe(
      [
        "✗ test/one.test.ts › takes away",
        "    Expected: 1",
        "    Received: 2",
        "✗ test/two.test.ts",
        "    Cannot find module './gone.ts'",
        "",
      ].join("\n"),
    );
  });

  it("say of a failure no more than its first lines", () => {
    const message = Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n");
    const tally = tallyOfJest({ ...result, testResults: [testFile("long.test.ts", { message })] }, "/project");
    expect(tellFailures(tally).trimEnd().split("\n")).toHaveLength(6);
  });

  it("count a suite that ended without a result as a failure", () => {
    const none = join(mkdtempSync(join(tmpdir(), "polyphony-tally-")), "none.json");
    expect(sumsLine(readJest(none))).toBe("0 passed, 1 failed");
    writeFileSync(none, '{"numPassedTests": 3');
    expect(tellFailures(readJest(none))).toContain("unit");
  });

  it("add up, and say nothing of failures where there are none", () => {
    const green = { passed: 4, skipped: 0, failures: [] };
    expect(sumsLine(addTallies(green, tallyOfJest(result, "/project")))).toBe("6 passed, 2 failed, 1 skipped");
    expect(sumsLine(addTallies(nothingRun, green))).toBe("4 passed, 0 failed");
    expect(tellFailures(green)).toBe("");
  });
});

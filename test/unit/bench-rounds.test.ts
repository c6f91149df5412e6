import { describe, expect, it } from "@jest/globals";
import { median } from "../bench/report.ts";
import { judge } from "../bench/rounds.ts";

describe("rounds of a benchmark", () => {
  it("come to the median of their own ratios, not to the ratio of medians", () => {
    const rounds = [
      { subject: 110, floor: 100 },
      { subject: 95, floor: 100 },
      { subject: 240, floor: 110 },
    ];
    const verdict = judge(rounds);
    expect(verdict.ratio).toBe(1.1);
    expect([verdict.subject, verdict.floor]).toEqual([110, 100]);
  });

  it("count for nothing when the floor moves by more than a fifth", () => {
    expect(judge([100, 110, 119].map((floor) => ({ subject: 1, floor }))).void).toBe(false);
    const restless = judge([100, 100, 121].map((floor) => ({ subject: 1, floor })));
    expect(restless.void).toBe(true);
    expect(restless.movement).toBeCloseTo(0.21);
  });

  it("have a median that lies between the two in the middle when their number is even", () => {
    expect([median([4, 1, 3, 2]), median([5, 1, 3])]).toEqual([2.5, 3]);
  });
});

import { describe, expect, it } from "@jest/globals";
import { type AffiliationAct, type AffiliationState, nextStep, type Side } from "./affiliation-machine.ts";

const states: AffiliationState[] = ["none", "requested", "affiliated"];
const acts: AffiliationAct[] = ["request", "withdraw", "approve", "reject", "join-by-invitation", "leave", "remove"];
const sides: Side[] = ["umbrella", "collective"];

/** Written out once more, so that a slip in the table is seen. */
const allowed: Record<string, string> = {
  "none request collective": "requested",
  "none join-by-invitation collective": "affiliated",
  "requested withdraw collective": "none",
  "requested approve umbrella": "affiliated",
  "requested reject umbrella": "none",
  "requested join-by-invitation collective": "affiliated",
  "affiliated leave collective": "none",
  "affiliated remove umbrella": "none",
};

const cases = states.flatMap((from) => acts.flatMap((act) => sides.map((by) => ({ from, act, by }))));

describe("O3: the states of an affiliation", () => {
  it.each(cases)("$from: $act by the $by", ({ from, act, by }) => {
    const step = nextStep(from, act, by);
    const to = allowed[`${from} ${act} ${by}`];
    expect(step.allowed ? step.to : undefined).toBe(to);
    if (!step.allowed) expect(step.why).toMatch(/\.$/);
  });

  it("tells each event once, whichever state it is from", () => {
    const events = cases.flatMap(({ from, act, by }) => {
      const step = nextStep(from, act, by);
      return step.allowed ? [`${act}: ${step.event}`] : [];
    });
    expect([...new Set(events)].sort()).toEqual([
      "approve: approved",
      "join-by-invitation: joined",
      "leave: left",
      "reject: rejected",
      "remove: removed",
      "request: requested",
      "withdraw: withdrawn",
    ]);
  });
});

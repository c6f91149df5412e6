import { setTimeout as sleep } from "node:timers/promises";
import type { Finding } from "../invariants/finding.ts";
import type { Fault } from "../plan.ts";
import type { World } from "../world/world.ts";
import type { FaultRun } from "./fault-run.ts";

/** When all is done, the operator starts anew, looks at everything, and has nothing to write, however long one waits. */
export const quiet = ({ forMs }: Extract<Fault, { kind: "quiet" }>, { gate, operator }: World): FaultRun => {
  const findings: Finding[] = [];
  return {
    happened: () => true,
    aftermath: async () => {
      // The first to see a database measures it, and says so.
      await operator.replace();
      await sleep(5000);
      const before = gate.written.length;
      await operator.replace();
      await sleep(forMs);
      const since = gate.written.slice(before).map(({ name }) => name);
      if (since.length > 0)
        findings.push({ invariant: "I6", what: `written though nothing happened: ${since.join(", ")}` });
    },
    findings: () => findings,
  };
};

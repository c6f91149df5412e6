import { keyOf } from "../proxies/effect.ts";
import type { OnEffect } from "../proxies/gate.ts";
import type { Fault } from "../plan.ts";
import type { World } from "../world/world.ts";
import type { FaultRun } from "./fault-run.ts";

type At = { at: string; when: "before" | "after" };

/** Does something once, at a write, and cuts the write's connection. */
const onceAt = ({ at, when }: At, work: () => Promise<unknown>) => {
  let happened = false;
  let mended: Promise<unknown> = Promise.resolve();
  const onEffect: OnEffect = (effect, phase) => {
    if (happened || phase !== when || keyOf(effect) !== at) return "pass";
    happened = true;
    mended = work();
    // Looked at when the plan waits for it.
    mended.catch(() => undefined);
    return "cut";
  };
  return { onEffect, happened: () => happened, mended: () => mended };
};

/** The API server is killed, and comes back with all it had stored. */
export const apiCrash = (fault: Extract<Fault, { kind: "api-crash" }>, { plane }: World): FaultRun =>
  onceAt(fault, () => plane.restartApiServer({ downMs: fault.downMs }));

/** PostgreSQL is killed with all its sessions, and comes back. */
export const databaseCrash = (fault: Extract<Fault, { kind: "database-crash" }>, { postgres }: World): FaultRun => {
  let ended = Infinity;
  const crash = async (): Promise<void> => {
    await postgres.crash({ downMs: fault.downMs });
    ended = performance.now();
  };
  return { ...onceAt(fault, crash), outageEndedMs: () => ended };
};

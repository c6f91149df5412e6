import { type Effect, keyOf } from "../proxies/effect.ts";
import type { Fault } from "../plan.ts";
import type { World } from "../world/world.ts";
import { deleteLease } from "../world/operator-process.ts";
import type { FaultRun } from "./fault-run.ts";

type Kill = Extract<Fault, { kind: "kill" }>;
type Twice = Extract<Fault, { kind: "kill-twice" }>;

/** kill -9, and another starts. */
export const kill = (fault: Kill, world: World): FaultRun => {
  let happened = false;
  let mended: Promise<unknown> = Promise.resolve();
  return {
    onEffect: async (effect: Effect, when) => {
      if (happened || when !== fault.when || keyOf(effect) !== fault.at) return "pass";
      happened = true;
      await world.operator.kill();
      mended = world.operator.replace();
      return "cut";
    },
    happened: () => happened,
    mended: () => mended,
  };
};

/**
 * kill -9, and whoever takes over when the Lease has run out has another idea of what time it is. When it has settled the Lease
 * is deleted as well, and one with the right time takes over: only the fence knows of the epoch that was counted by the wrong one.
 */
export const skewedClock = (fault: Extract<Fault, { kind: "skewed-clock" }>, { operator, kube }: World): FaultRun => {
  let happened = false;
  return {
    onEffect: async (effect, when) => {
      if (happened || when !== fault.when || keyOf(effect) !== fault.at) return "pass";
      happened = true;
      await operator.kill();
      operator.start(fault.skewMs);
      return "cut";
    },
    happened: () => happened,
    aftermath: async () => {
      await operator.kill();
      await deleteLease(kube);
      operator.start();
    },
  };
};

/** kill -9 at a write, and its successor at the nth write of its own. */
export const killTwice = (fault: Twice, world: World): FaultRun => {
  const first = kill({ ...fault, kind: "kill" }, world);
  let since = 0;
  let mended: Promise<unknown> = Promise.resolve();
  let twice = false;
  return {
    onEffect: async (effect, when, passing) => {
      if (!first.happened()) return (await first.onEffect?.(effect, when, passing)) ?? "pass";
      if (when !== fault.againWhen || twice) return "pass";
      since += 1;
      if (since !== fault.again) return "pass";
      twice = true;
      await first.mended?.();
      await world.operator.kill();
      mended = world.operator.replace();
      return "cut";
    },
    // The successor may have less left to do than the plan thought; one kill is a plan as well.
    happened: () => first.happened(),
    mended: () => Promise.all([first.mended?.(), mended]),
  };
};

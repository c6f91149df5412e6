import { keyOf, type Verdict } from "../proxies/effect.ts";
import type { Fault } from "../plan.ts";
import { deleteLease } from "../world/operator-process.ts";
import type { World } from "../world/world.ts";
import type { FaultRun } from "./fault-run.ts";

/** The leader stands still in front of a write; when another has done the work, it wakes up and the write goes on. */
export const zombie = ({ at }: Extract<Fault, { kind: "zombie" }>, { operator }: World): FaultRun => {
  let asleep: { wake(): void } | undefined;
  let goOn: (verdict: Verdict) => void = () => undefined;
  let happened = false;
  const wake = (): void => {
    asleep?.wake();
    asleep = undefined;
    goOn("pass");
  };
  return {
    onEffect: (effect, when) => {
      if (happened || when !== "before" || keyOf(effect) !== at) return "pass";
      happened = true;
      asleep = operator.freeze();
      operator.start();
      return new Promise<Verdict>((resolve) => (goOn = resolve));
    },
    happened: () => happened,
    aftermath: () => {
      wake();
      return Promise.resolve();
    },
    end: wake,
  };
};

/** The Lease is gone all of a sudden: the leader must stop, and whoever comes next gets a higher epoch. */
export const leaseDeleted = ({ at }: Extract<Fault, { kind: "lease-deleted" }>, { kube }: World): FaultRun => {
  let mended: Promise<unknown> = Promise.resolve();
  let happened = false;
  return {
    onEffect: (effect, when) => {
      if (happened || when !== "before" || keyOf(effect) !== at) return "pass";
      happened = true;
      mended = deleteLease(kube);
      return "pass";
    },
    happened: () => happened,
    mended: () => mended,
  };
};

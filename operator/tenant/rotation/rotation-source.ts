import type { Timer } from "../../../kube/clock.ts";
import type { Source } from "../../engine/controller.ts";
import type { TenantCaches } from "../caches.ts";
import { isAnyDue, isRotating } from "./rotation.ts";
import { rotationsAtOnce } from "./rotation-gate.ts";

type Wake = Parameters<Source["subscribe"]>[0];

/** How often the fleet is looked through: often enough to spread what is due, and at most every ten minutes. */
const sweepEveryMs = (afterMs: number): number => Math.min(600_000, Math.max(1_000, afterMs / 50));

/** How soon, when more are due than may rotate at once: about as long as one of them takes. */
const soonMs = 15_000;

/** As many as may rotate at once, each in its turn: one that cannot begin holds no other up. */
const turnOf = (due: readonly string[], last: string): string[] => {
  const first = due.findIndex((key) => key > last);
  const at = Math.max(first, 0);
  return [...due.slice(at), ...due.slice(0, at)].slice(0, rotationsAtOnce);
};

/**
 * Wakes the tenants whose secrets are due by the schedule. One timer for the whole fleet, over what is in memory
 * anyway, and none when nothing rotates by itself.
 */
export const rotationSource = (
  { tenants }: Pick<TenantCaches, "tenants">,
  { afterMs, timer }: { afterMs: number; timer: Timer },
): Source => {
  const listeners = new Set<Wake>();
  let cancel: (() => void) | undefined;
  let last = "";
  const sweep = (): void => {
    const now = timer.now();
    const due = [...tenants.values()].filter(({ value }) => isAnyDue(value, afterMs, now) && !isRotating(value.status));
    const turn = turnOf(due.map(({ key }) => key).sort(), last);
    for (const key of turn) for (const wake of listeners) wake(key, "background");
    last = turn.at(-1) ?? last;
    const everyMs = sweepEveryMs(afterMs);
    cancel = timer.after(due.length > turn.length ? Math.min(soonMs, everyMs) : everyMs, sweep);
  };
  return {
    name: "rotation",
    start: () => {
      if (afterMs > 0) cancel ??= timer.after(sweepEveryMs(afterMs), sweep);
    },
    stop: () => {
      cancel?.();
      cancel = undefined;
      return Promise.resolve();
    },
    subscribe: (wake) => {
      listeners.add(wake);
      return () => void listeners.delete(wake);
    },
    whenSynced: () => Promise.resolve(),
    synced: () => true,
    watchAgeMs: () => 0,
    pulseAgeMs: () => 0,
  };
};

import type { Timer } from "../../kube/clock.ts";
import type { Source } from "../engine/controller.ts";
import type { TenantCaches } from "./caches.ts";
import { isAnyDue } from "./rotation.ts";

type Wake = Parameters<Source["subscribe"]>[0];

/** How often the fleet is looked through: often enough to spread what is due, and at most every ten minutes. */
const sweepEveryMs = (afterMs: number): number => Math.min(600_000, Math.max(1_000, afterMs / 50));

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
  const sweep = (): void => {
    const now = timer.now();
    for (const { key, value } of tenants.values()) {
      if (isAnyDue(value, afterMs, now)) for (const wake of listeners) wake(key, "background");
    }
    cancel = timer.after(sweepEveryMs(afterMs), sweep);
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

import { type Outcome, wait } from "../../outcome.ts";
import type { Hold } from "./release-choice.ts";

/** The migration wakes the Tenant when it has a verdict; this is for one that was missed. */
const missedMs = 60_000;
/** A window that is far off is looked at again all the same: a clock may be set. */
const longestMs = 6 * 3_600_000;

/** When to look again at a vault that is held back from its wanted release; null when a change will bring it. */
export const upgradeWait = (hold: Hold | null, now: Date): Outcome | null => {
  if (hold?.why === "Migration") return wait(missedMs, "MigrationPending", "The database is being migrated.");
  if (hold?.why !== "Window" || !hold.opensAt) return null;
  const left = hold.opensAt.getTime() - now.getTime();
  return wait(Math.min(left, longestMs), "WindowClosed", "The maintenance window is closed.");
};

import type { Fault } from "../plan.ts";
import type { World } from "../world/world.ts";
import { apiCrash, databaseCrash } from "./crashes.ts";
import type { FaultRun } from "./fault-run.ts";
import { kill, killTwice, skewedClock } from "./kill.ts";
import { leaseDeleted, zombie } from "./leadership.ts";
import { emptyLists, oldLists, silentWatches } from "./lies.ts";
import { quiet } from "./quiet.ts";
import { conflicts, conflictsOnly, storm } from "./refusals.ts";

/** Arms a fault. */
export const arm = (fault: Fault, world: World): FaultRun => {
  switch (fault.kind) {
    case "none":
      return { happened: () => true };
    case "kill":
      return kill(fault, world);
    case "kill-twice":
      return killTwice(fault, world);
    case "api-crash":
      return apiCrash(fault, world);
    case "conflicts":
      return conflicts();
    case "conflicts-only":
      return conflictsOnly(fault);
    case "storm":
      return storm(fault, world);
    case "silent-watches":
      return silentWatches(world);
    case "old-lists":
      return oldLists(fault, world);
    case "zombie":
      return zombie(fault, world);
    case "lease-deleted":
      return leaseDeleted(fault, world);
    case "skewed-clock":
      return skewedClock(fault, world);
    case "quiet":
      return quiet(fault, world);
    case "database-crash":
      return databaseCrash(fault, world);
    case "empty-lists":
      return emptyLists(fault, world);
  }
};

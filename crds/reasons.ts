import { adoptionReasons } from "./reasons/adoption.ts";
import { clusterReasons } from "./reasons/cluster.ts";
import { databaseReasons } from "./reasons/databases.ts";
import { deletionReasons } from "./reasons/deletion.ts";
import { goodReasons } from "./reasons/it-holds.ts";
import { progressReasons } from "./reasons/on-the-way.ts";
import { serverReasons } from "./reasons/database-servers.ts";
import { wishReasons } from "./reasons/wishes.ts";
import type { ReasonEntry } from "./reasons/reason-entry.ts";

export type { ReasonEntry, ReasonKind } from "./reasons/reason-entry.ts";

/**
 * Every reason that stands in a condition, an Event or an outcome of the operator; each group is a file in reasons/. Code
 * can use no other, and each that is not good has a runbook of its name in docs/runbooks; `make check` sees to both.
 */
export const reasons = {
  ...goodReasons,
  ...wishReasons,
  ...adoptionReasons,
  ...progressReasons,
  ...clusterReasons,
  ...deletionReasons,
  ...serverReasons,
  ...databaseReasons,
} as const satisfies Record<string, ReasonEntry>;

/** The name of a reason in the catalogue. */
export type Reason = keyof typeof reasons;

/** Whether a text, for example of a status that another version wrote, is a reason of the catalogue. */
export const isReason = (text: string): text is Reason => Object.hasOwn(reasons, text);

/** A reason read back from a condition; one that is not in the catalogue (any more) is an UnexpectedError. */
export const knownReason = (text: string): Reason => (isReason(text) ? text : "UnexpectedError");

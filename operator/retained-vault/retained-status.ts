import type { RetainedVault, RetainedVaultStatus } from "../../crds/index.ts";
import { conditionsOf, type Judgement } from "../conditions.ts";
import type { Outcome } from "../outcome.ts";
import { fieldManager } from "../tenant/names.ts";
import { retainedKind } from "../tenant/deletion/retain.ts";
import { sameValue } from "../same-value.ts";
import type { RetainedDeps } from "./retained-deps.ts";

export type RetainedPhase = NonNullable<RetainedVaultStatus["phase"]>;

/** A record without a phase has just been made: it keeps. */
export const phaseOf = ({ status }: RetainedVault): RetainedPhase => status?.phase ?? "Kept";

export const instantOf = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, "Z");

/**
 * Moves a record from one phase to another. The write is refused (ConflictError) when the record has changed since it
 * was read: of a restore and a purge that begin at the same time, one is told to look again.
 */
export const moveTo = async (
  { metadata: { name, uid, resourceVersion } }: RetainedVault,
  status: Partial<Record<keyof RetainedVaultStatus, unknown>> & { phase: RetainedPhase; message: string },
  { kube }: Pick<RetainedDeps, "kube">,
): Promise<RetainedVault> =>
  kube.patchStatus(
    retainedKind,
    { name },
    { metadata: { uid, resourceVersion }, status: { conditions: null, ...status } },
  );

const messageOf = ({ spec, status }: RetainedVault): string => {
  if (status?.phase === "Restoring") return `The Tenant "${status.restoredBy?.tenant ?? ""}" takes the vault over.`;
  if (status?.phase === "Purging") return "The data is being destroyed.";
  return phaseIsSettled(status?.phase) ? (status?.message ?? "") : `The data is kept until ${spec.keepUntil}.`;
};

const phaseIsSettled = (phase: RetainedPhase | undefined): boolean => phase === "Restored" || phase === "Purged";

/** What stands in the way, or nothing: one condition, and a message for people. */
export const statusAfter = (retained: RetainedVault, outcome: Outcome, now: Date): RetainedVaultStatus => {
  const trouble = outcome.kind === "stalled" || outcome.kind === "failed" ? outcome : null;
  const judgement: Judgement | null = trouble && {
    type: trouble.reason === "PurgeUnconfirmed" ? "DeletionHeld" : "Blocked",
    status: "True",
    reason: trouble.reason,
    message: trouble.message,
  };
  const { conditions: before, ...status } = retained.status ?? {};
  const message = trouble?.message ?? messageOf(retained);
  const { generation } = retained.metadata;
  return {
    ...status,
    phase: phaseOf(retained),
    message: message.slice(0, 2048),
    ...(judgement ? { conditions: conditionsOf(before, [judgement], generation, now) } : {}),
  };
};

/** Writes what came of a visit, when it is news. */
export const reportRetained = async (retained: RetainedVault, outcome: Outcome, deps: RetainedDeps): Promise<void> => {
  const status = statusAfter(retained, outcome, deps.clock.now());
  if (sameValue(status, retained.status)) return;
  const { name, uid, resourceVersion } = retained.metadata;
  const merged = { ...status, conditions: status.conditions ?? null };
  await deps.kube.patchStatus(
    retainedKind,
    { name },
    { metadata: { uid, resourceVersion }, status: merged },
    { fieldManager },
  );
  const [is] = status.conditions ?? [];
  const was = retained.status?.conditions?.find(({ type }) => type === is?.type);
  if (is && was?.reason !== is.reason && outcome.kind !== "done")
    deps.tell(retained, { type: "Warning", reason: outcome.reason, message: is.message });
};

import type { Condition, Tenant } from "../../crds/index.ts";
import { failed } from "../cli-error.ts";
import { deletionAnswer } from "../names.ts";
import type { Look } from "../wait/follow.ts";

export const conditionOf = ({ status }: Tenant, type: string): Condition | undefined =>
  status?.conditions?.find((condition) => condition.type === type);

/** The condition that says that the operator asks whether this deletion is meant; undefined when it does not. */
export const heldDeletion = ({ status }: Tenant): Condition | undefined =>
  status?.conditions?.find((condition) => condition.type === "DeletionHeld" && condition.status === "True");

/** Whether the operator has judged the spec as it is now. */
export const isJudged = ({ metadata, status }: Tenant): boolean => status?.observedGeneration === metadata.generation;

export const isReady = (tenant: Tenant): boolean => isJudged(tenant) && conditionOf(tenant, "Ready")?.status === "True";

/** One line on how a tenant is, without times: an unchanged line is not told twice. */
export const lineOf = (tenant: Tenant): string => {
  const { status } = tenant;
  if (!status || (!isJudged(tenant) && !tenant.metadata.deletionTimestamp))
    return "The operator has not looked at it yet.";
  const step = status.progress ? ` · step ${status.progress.step + 1} of ${status.progress.of}` : "";
  return `${status.phase ?? "Pending"}${step} · ${status.message ?? ""}`.trimEnd();
};

const goneMeanwhile = (slug: string) => failed(`The tenant "${slug}" was deleted meanwhile.`, { next: "retained ls" });

/** Gives up on a tenant that the operator calls Failed: it needs a person, and waiting changes nothing. */
const expectHope = (tenant: Tenant): void => {
  const { metadata, status } = tenant;
  if (!isJudged(tenant) || status?.phase !== "Failed") return;
  const ready = conditionOf(tenant, "Ready");
  throw failed(`The tenant "${metadata.name}" failed: ${ready?.reason ?? "Failed"}.`, {
    hints: [status.message ?? "", "The operator goes on trying."].filter((line) => line !== ""),
    next: `tenant explain ${metadata.name}`,
  });
};

/** Looks until the tenant is as `reached` says; a Failed one ends the wait. */
export const lookFor =
  (slug: string, reached: (tenant: Tenant) => boolean): Look<Tenant> =>
  (tenant) => {
    if (!tenant) throw goneMeanwhile(slug);
    if (reached(tenant)) return { done: true };
    expectHope(tenant);
    return { done: false, saying: lineOf(tenant) };
  };

/** Looks until the tenant of this uid is gone. One that waits for an answer about its deletion ends the wait. */
export const lookForGone =
  (uid: string): Look<Tenant> =>
  (tenant) => {
    if (!tenant || tenant.metadata.uid !== uid) return { done: true };
    const held = heldDeletion(tenant);
    // An answer that was given shows in the condition a moment later.
    if (held && tenant.metadata.annotations?.[deletionAnswer] === undefined) {
      throw failed(`The deletion of "${tenant.metadata.name}" waits for your answer.`, {
        hints: [held.message],
        next: `tenant approve-deletions ${tenant.metadata.name}`,
      });
    }
    return { done: false, saying: lineOf(tenant) };
  };

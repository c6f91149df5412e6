import type { Condition, Tenant, TenantStatus } from "../../../crds/index.ts";
import { conditionsOf, type Judgement } from "../../conditions.ts";
import type { Outcome } from "../../outcome.ts";
import type { GoingFarewell } from "./finalize.ts";

/** What only a person or something outside can remove; the rest of the waiting is the deletion's own course. */
const blocking = new Set(["NamespaceStuck", "PodsStuck"]);

const isBlocked = (outcome: Outcome): boolean =>
  outcome.kind === "failed" || outcome.kind === "stalled" || (outcome.kind === "wait" && blocking.has(outcome.reason));

/** The status of a Tenant whose vault is being taken down: how far that is, and what stands in its way. Pure. */
export const farewellStatusOf = (
  tenant: Tenant,
  { step, of, current, outcome }: GoingFarewell,
  now: Date,
): TenantStatus => {
  const { generation } = tenant.metadata;
  const { reason, message } =
    outcome.kind === "done" ? ({ reason: "Deleting", message: "The vault is gone." } as const) : outcome;
  const judgements: Judgement[] = [
    { type: "Ready", status: "False", reason, message },
    isBlocked(outcome)
      ? { type: "DeletionBlocked", status: "True", reason, message }
      : { type: "DeletionBlocked", status: "False", reason: "Deleting", message: "Nothing stands in the way." },
  ];
  return {
    ...tenant.status,
    phase: "Deleting",
    message,
    observedGeneration: generation,
    progress: { step, of, current },
    conditions: conditionsOf(tenant.status?.conditions, judgements, generation, now),
  };
};

/**
 * The status of a deleted Tenant of which nothing is decided yet: it is what it was, and says what keeps the decision.
 * Its phase stays, as the phase Deleting means that the deletion was let through. Pure.
 */
export const undecidedStatusOf = (tenant: Tenant, outcome: Outcome, now: Date): TenantStatus => {
  if (outcome.kind === "done") return tenant.status ?? {};
  const { reason, message } = outcome;
  const blocked = { type: "DeletionBlocked", status: isBlocked(outcome) ? "True" : "False", reason, message } as const;
  const before = tenant.status?.conditions ?? [];
  const added: Condition[] = conditionsOf(before, [blocked], tenant.metadata.generation, now);
  return { ...tenant.status, conditions: [...before.filter(({ type }) => type !== "DeletionBlocked"), ...added] };
};

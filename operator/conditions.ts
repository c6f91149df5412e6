import type { Condition } from "../crds/index.ts";
import type { Reason } from "../crds/reasons.ts";

/** What is judged of one condition; the rest follows from what it was before. */
export type Judgement = Pick<Condition, "type" | "status" | "message"> & { reason: Reason };

/** Conditions with their times: a time moves only when the status does, so that an unchanged world writes nothing. */
export const conditionsOf = (
  before: readonly Condition[] | undefined,
  judgements: readonly Judgement[],
  generation: number,
  now: Date,
): Condition[] =>
  judgements.map((judgement) => {
    const known = before?.find(({ type }) => type === judgement.type);
    const unchanged = known?.status === judgement.status;
    return {
      ...judgement,
      message: judgement.message.slice(0, 2048),
      lastTransitionTime: unchanged ? known.lastTransitionTime : now.toISOString().replace(/\.\d+Z$/, "Z"),
      observedGeneration: generation,
    };
  });

/** Where a collective and an umbrella stand with each other. */
export type AffiliationState = "none" | "requested" | "affiliated";

/** What one of the two does. */
export type AffiliationAct = "request" | "withdraw" | "approve" | "reject" | "join-by-invitation" | "leave" | "remove";

/** Whose act it is. */
export type Side = "umbrella" | "collective";

/** What is kept in the history. */
export type AffiliationEvent = "requested" | "withdrawn" | "approved" | "rejected" | "joined" | "left" | "removed";

interface Transition {
  readonly from: AffiliationState;
  readonly act: AffiliationAct;
  readonly by: Side;
  readonly to: AffiliationState;
  readonly event: AffiliationEvent;
}

/** All that may happen; what is not here is refused. A request that was rejected or withdrawn may be made again. */
export const transitions: readonly Transition[] = [
  { from: "none", act: "request", by: "collective", to: "requested", event: "requested" },
  { from: "requested", act: "withdraw", by: "collective", to: "none", event: "withdrawn" },
  { from: "requested", act: "approve", by: "umbrella", to: "affiliated", event: "approved" },
  { from: "requested", act: "reject", by: "umbrella", to: "none", event: "rejected" },
  { from: "none", act: "join-by-invitation", by: "collective", to: "affiliated", event: "joined" },
  { from: "requested", act: "join-by-invitation", by: "collective", to: "affiliated", event: "joined" },
  { from: "affiliated", act: "leave", by: "collective", to: "none", event: "left" },
  { from: "affiliated", act: "remove", by: "umbrella", to: "none", event: "removed" },
];

const refusals: Record<AffiliationState, string> = {
  none: "The two have nothing to do with each other at the moment.",
  requested: "A request waits for the umbrella's answer.",
  affiliated: "The collective belongs to this umbrella already.",
};

export type Step = { readonly allowed: true; readonly to: AffiliationState; readonly event: AffiliationEvent };
export type Refusal = { readonly allowed: false; readonly why: string };

/** What `act` by `by` leads to from `from`. Pure. */
export const nextStep = (from: AffiliationState, act: AffiliationAct, by: Side): Step | Refusal => {
  const found = transitions.find((one) => one.from === from && one.act === act && one.by === by);
  return found ? { allowed: true, to: found.to, event: found.event } : { allowed: false, why: refusals[from] };
};

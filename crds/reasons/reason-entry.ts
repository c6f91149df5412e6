/**
 * What a reason asks of people. `good`: it holds. `chosen`: somebody asked for it. `progress`: it comes by itself.
 * `retrying`: something outside is in the way; the operator tries again until it is gone. `action`: only a person helps.
 */
export type ReasonKind = "good" | "chosen" | "progress" | "retrying" | "action";

/** One reason of conditions and Events: what it says, and the next step in one line. */
export type ReasonEntry = { readonly kind: ReasonKind; readonly summary: string; readonly next: string };

export const good = (summary: string): ReasonEntry => ({ kind: "good", summary, next: "Nothing to do." });
export const chosen = (summary: string, next: string): ReasonEntry => ({ kind: "chosen", summary, next });
export const progress = (summary: string, next: string): ReasonEntry => ({ kind: "progress", summary, next });
export const retrying = (summary: string, next: string): ReasonEntry => ({ kind: "retrying", summary, next });
export const action = (summary: string, next: string): ReasonEntry => ({ kind: "action", summary, next });

/** What a vault's phase means to whoever uses it. */
export type VaultState = "waiting" | "preparing" | "live" | "read-only" | "suspended" | "failed" | "closing";

const states: Record<string, VaultState> = {
  "": "waiting",
  Active: "live",
  // Asleep, and there as soon as somebody visits it.
  Hibernated: "live",
  ReadOnly: "read-only",
  Suspended: "suspended",
  Failed: "failed",
  Deleting: "closing",
};

/** A phase of the operator's in a customer's words; "" is a vault that was not asked for yet. Pure. */
export const vaultStateOf = (phase: string): VaultState => states[phase] ?? "preparing";

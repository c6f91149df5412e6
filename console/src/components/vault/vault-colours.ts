import type { Provisioning } from "../../../../control-api/contract/organizations.ts";

/** The colour that goes with how a vault is; it only repeats what words say. */
export const vaultColours: Record<Provisioning["state"], string> = {
  "awaiting-approval": "yellow",
  rejected: "red",
  preparing: "voice",
  live: "green",
  failed: "red",
  "read-only": "yellow",
  suspended: "gray",
  closing: "gray",
};

import type { Reason } from "../../../crds/reasons.ts";

/** Why a Tenant may not have the vault that it names: said before anything else, as nothing else is judged then. */
export const claimRefusals: ReadonlySet<Reason> = new Set<Reason>([
  "DatabaseServerDiffers",
  "OrganizationDiffers",
  "RetainedVaultMissing",
  "RetainedVaultPurged",
  "RetainedVaultTaken",
  "TemplateDiffers",
  "VaultIdInvalid",
  "VaultRetained",
]);

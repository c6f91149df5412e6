import { action, chosen } from "./reason-entry.ts";

/** What a Tenant asks for. */
export const wishReasons = {
  ChannelUnknown: action(
    "The template has no channel of this name.",
    "Name one of its channels in spec.release.channel.",
  ),
  DatabaseServerDiffers: action(
    "The Tenant asks for another server than the one that holds the vault to restore.",
    "Leave spec.databaseServer out, or name the server of the RetainedVault.",
  ),
  HostTaken: action("Another Tenant serves the same custom host.", "Remove the host from one of the two."),
  OrganizationDiffers: action(
    "The vault to restore belongs to another organization.",
    "Restore it with the organization id that its RetainedVault names.",
  ),
  PlanUnknown: action("The template has no plan of this name.", "Name one of its plans in spec.plan."),
  ReleaseMissing: action(
    "The VaultRelease that the Tenant is to run does not exist.",
    "Publish it, or pin another in spec.release.pin.",
  ),
  RetainedVaultMissing: action(
    "The RetainedVault to restore from does not exist.",
    "Name one of kubectl get retainedvaults in spec.restoreFrom.",
  ),
  RetainedVaultPurged: action(
    "The data of the RetainedVault to restore from is gone.",
    "Restore from a backup, or create the Tenant without spec.restoreFrom.",
  ),
  RetainedVaultTaken: action(
    "Another Tenant has taken over the RetainedVault to restore from.",
    "Use that Tenant; a vault lives only once.",
  ),
  Suspended: chosen("The vault is suspended on request.", "Set spec.activity to Running to bring it back."),
  TemplateDiffers: action(
    "The vault's database was made by another template.",
    "Name the template that the RetainedVault or the message names.",
  ),
  TemplateMissing: action("The VaultTemplate does not exist.", "Create it, or name another in spec.template."),
  VaultIdInvalid: action(
    "The annotation polyphony.dev/vault-id holds no vault id.",
    "Remove it, or write the id as it was: a UUID in lower case.",
  ),
  VaultRetained: action(
    "The vault of this id was deleted and is retained.",
    "Name its RetainedVault in spec.restoreFrom, or remove the annotation polyphony.dev/vault-id.",
  ),
  VaultIdTaken: action(
    "Two Tenants hold the same vault.",
    "Remove the annotation polyphony.dev/vault-id from one, or delete it.",
  ),
};

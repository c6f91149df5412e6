import { action, progress, retrying } from "./reason-entry.ts";

/** Deletion. */
export const deletionReasons = {
  Deleting: progress("The vault is being taken down.", "Wait; the message says what is left."),
  DeletionBreakerOpen: action(
    "More Tenants are being deleted than a person would delete within an hour, so they are held and serve on.",
    "Say yes or no: polyphony tenant approve-deletions --all, or with --reject.",
  ),
  DeletionInDoubt: retrying(
    "It is not certain that this very vault was deleted by its Tenant; nothing is destroyed.",
    "Read in the message what speaks against it, and remove that.",
  ),
  InUse: progress("Tenants still need this object, so it stays.", "Move or delete them; it goes when there are none."),
  NamespaceStuck: action(
    "Something in the vault's namespace, or the namespace itself, does not go away.",
    "Remove what the message names, or the finalizer on it if its owner is gone.",
  ),
  NamespaceTerminating: progress("The vault's namespace is being deleted.", "Wait; if it stays, look for finalizers."),
  PodsStuck: action(
    "A pod of a deleted vault does not stop.",
    "Bring its node back, or delete the pod with --force as the message says.",
  ),
  PodsStopping: progress("The vault's pods finish what they are doing and stop.", "Wait; at most 30 seconds."),
  PurgeUnconfirmed: action(
    "A RetainedVault was deleted before its time; its data is kept until somebody confirms.",
    "Confirm or take it back with the annotation polyphony.dev/deletion.",
  ),
  Purging: progress("The data of a deleted vault is being destroyed.", "Wait; it takes seconds."),
  Restoring: progress("A Tenant is taking a retained vault over.", "Wait; the Tenant says how far it is."),
  SlugTaken: action(
    "A deletion was rejected, but another Tenant has taken the name meanwhile.",
    "Restore the RetainedVault under another name with spec.restoreFrom.",
  ),
  TenantsUnknown: progress("The Tenants are being read.", "Wait; nothing is let go before they are counted."),
};

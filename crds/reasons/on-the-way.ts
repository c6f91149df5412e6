import { action, progress, retrying } from "./reason-entry.ts";

/** A Tenant on its way. */
export const progressReasons = {
  Claiming: progress("The Tenant is being given its vault id.", "Wait; it takes less than a second."),
  DatabaseAccessPending: progress("The rights of the vault's login are being set.", "Wait; it takes seconds."),
  DatabasePending: progress("The database is being copied from the golden template.", "Wait; it takes seconds."),
  DriftLoop: retrying(
    "Something of the vault is changed by hand or by a program again and again.",
    "Find what does it (kubectl get -o yaml --show-managed-fields names it) and stop it.",
  ),
  EndpointsPending: progress("No pod of the vault is ready to be reached.", "Wait for the pod's readiness probe."),
  GoldenTemplatePending: progress(
    "The release's golden template is being made on this server.",
    "Wait; the VaultRelease says how far it is.",
  ),
  LimitUnknown: action(
    "A limit is on a meter that the template does not have; it is ignored.",
    "Correct the meter's name in spec.limits, or in the plan.",
  ),
  LimitsExceeded: action(
    "The vault uses more than its plan or spec.limits allow; nothing is taken away.",
    "Give it a larger plan or limit, or have the organization remove something.",
  ),
  MigrationPending: progress(
    "The database is migrated to the schema that the wanted release needs.",
    "Wait; the vault serves on the old release meanwhile.",
  ),
  PodsStarting: progress("The vault's pods are starting.", "Wait; a start takes seconds once the image is there."),
  Provisioning: progress("The vault is being made.", "Wait; the Tenant's progress says which step it is at."),
  ReleasePending: progress("No release runs yet.", "Wait for the steps before it."),
  ResourcesPending: progress("Namespace and Deployment are being made.", "Wait; it takes seconds."),
  Rotating: progress(
    "The database password or the signing key is being replaced, pod by pod.",
    "Wait; the vault serves all the while.",
  ),
  RotationOverdue: action(
    "Secrets are older than the installation wants, or their replacement does not get on.",
    "Mend what Ready says; the rotation goes on by itself.",
  ),
  RotationWaiting: progress(
    "A rotation was asked for and begins once the vault's database and pods stand.",
    "Wait, or mend what Ready says.",
  ),
  RollingOut: progress("A release is being rolled out.", "Wait; the vault serves all the while."),
  SchemaLeftBehind: action(
    "The database has gone on to a schema that the wanted release cannot serve.",
    "Follow a newer release, or restore a backup from before the newer one.",
  ),
  ServicePending: progress("The Service is being made.", "Wait; it takes seconds."),
  Suspending: progress("The vault is being taken off the air.", "Wait; pods finish their requests first."),
  UpgradePending: progress("Another release is wanted than the one that runs.", "Wait; SchemaCurrent says what for."),
  Waiting: progress("Not all that the vault needs is known yet.", "Wait; it is looked at again within seconds."),
  WindowClosed: progress(
    "Another release is wanted, and the Tenant's maintenance window is closed.",
    "Wait for the window, or annotate the Tenant with polyphony.dev/upgrade-requested-at to go now.",
  ),
  WindowInvalid: action(
    "The maintenance window is in a time zone that is not known.",
    "Correct spec.maintenanceWindow.timeZone, for example Europe/Oslo.",
  ),
};

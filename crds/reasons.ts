/**
 * What a reason asks of people. `good`: it holds. `chosen`: somebody asked for it. `progress`: it comes by itself.
 * `retrying`: something outside is in the way; the operator tries again until it is gone. `action`: only a person helps.
 */
export type ReasonKind = "good" | "chosen" | "progress" | "retrying" | "action";

/** One reason of conditions and Events: what it says, and the next step in one line. */
export type ReasonEntry = { readonly kind: ReasonKind; readonly summary: string; readonly next: string };

const good = (summary: string): ReasonEntry => ({ kind: "good", summary, next: "Nothing to do." });
const chosen = (summary: string, next: string): ReasonEntry => ({ kind: "chosen", summary, next });
const progress = (summary: string, next: string): ReasonEntry => ({ kind: "progress", summary, next });
const retrying = (summary: string, next: string): ReasonEntry => ({ kind: "retrying", summary, next });
const action = (summary: string, next: string): ReasonEntry => ({ kind: "action", summary, next });

/**
 * Every reason that stands in a condition, an Event or an outcome of the operator. Code can use no other, and each that
 * is not good has a runbook of its name in docs/runbooks; `make check` sees to both. Alphabetical within its group.
 */
export const reasons = {
  // ── It holds ──────────────────────────────────────────────────────────────────────────────────────────────────────
  Accepted: good("Template and plan are known."),
  CapacityAvailable: good("The database server has room for more vaults."),
  DatabaseReady: good("The database is there, and only this vault may connect."),
  Reachable: good("The database server answers."),
  Ready: good("All is as the object asks."),
  ReleaseCurrent: good("The wanted release runs."),
  LimitsRespected: good("No meter is over its limit."),
  RightsSufficient: good("The operator's role may do on the database server what it has to."),
  RouteReady: good("The gateway finds the vault."),
  SchemaCurrent: good("The database has the schema that the release needs."),
  SecretsCurrent: good("Every pod runs with the newest database password and signing key."),
  SettingsSafe: good("No setting of the database server is known to do harm."),
  VersionSupported: good("The database server's version is supported."),
  WorkloadAvailable: good("A pod of the vault is available."),

  // ── What a Tenant asks for ────────────────────────────────────────────────────────────────────────────────────────
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

  // ── A Tenant on its way ───────────────────────────────────────────────────────────────────────────────────────────
  Claiming: progress("The Tenant is being given its vault id.", "Wait; it takes less than a second."),
  DatabaseAccessPending: progress("The rights of the vault's login are being set.", "Wait; it takes seconds."),
  DatabasePending: progress("The database is being copied from the golden template.", "Wait; it takes seconds."),
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
  MigrationNeeded: progress(
    "The wanted release needs another schema than the database has.",
    "Wait for the migration; the vault serves on the old release.",
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
  ServicePending: progress("The Service is being made.", "Wait; it takes seconds."),
  Suspending: progress("The vault is being taken off the air.", "Wait; pods finish their requests first."),
  UpgradePending: progress("Another release is wanted than the one that runs.", "Wait; SchemaCurrent says what for."),
  Waiting: progress("Not all that the vault needs is known yet.", "Wait; it is looked at again within seconds."),

  // ── Pods and objects in the cluster ───────────────────────────────────────────────────────────────────────────────
  CrashLoopBackOff: action("The vault starts and stops again.", "Read the pod's last log lines."),
  CreateContainerConfigError: retrying(
    "The container's settings are not complete.",
    "Wait for the Secret to be made again; else read the pod's Events.",
  ),
  ErrImageNeverPull: action("The image is not on the node.", "Import it, or publish it where nodes may pull it."),
  ErrImagePull: action("The image cannot be pulled.", "Check the digest, the registry and the pull secrets."),
  FailedCreate: action(
    "The cluster refuses the vault's pods.",
    "Read why in the condition: a quota, an admission policy, or pod security.",
  ),
  ImagePullBackOff: action("The image cannot be pulled.", "Check the digest, the registry and the pull secrets."),
  InvalidImageName: action("The image's name is not valid.", "Correct spec.image.repository of the VaultTemplate."),
  KubernetesBusy: progress("The Kubernetes API asks for patience.", "Wait; it is tried again when the API says."),
  KubernetesForbidden: action("The operator may not do what it has to.", "Bring its RBAC up to date with the chart."),
  KubernetesRefused: action(
    "The Kubernetes API refuses an object.",
    "Read which in the condition, and what refused it.",
  ),
  KubernetesUnauthorized: retrying(
    "The Kubernetes API does not take the operator's token.",
    "Check that the service account exists; restart the operator.",
  ),
  KubernetesUnreachable: retrying("The Kubernetes API cannot be reached.", "Check the API server and the network."),
  NamespaceForeign: action(
    "A namespace of the vault's name is not the vault's.",
    "Remove or rename it; it is never taken over.",
  ),
  ProgressDeadlineExceeded: action("A rollout does not come to an end.", "Look at the pods of the newest ReplicaSet."),
  RolloutFailed: action("The Deployment controller reports a failure.", "Read the Deployment's conditions."),
  Terminating: progress("An object of the vault is still being deleted.", "Wait; if it stays, look for finalizers."),
  UnexpectedError: retrying("The operator met an error it does not know.", "Read its log; report it if it stays."),
  Unschedulable: action("No node takes the vault's pod.", "Add room, or lower what the plan asks for."),
  WriteConflict: progress("Somebody else wrote the same object.", "Wait; it is read and tried again."),

  // ── Deletion ──────────────────────────────────────────────────────────────────────────────────────────────────────
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

  // ── Database servers ──────────────────────────────────────────────────────────────────────────────────────────────
  ConnectionSecretMissing: action(
    "The Secret with the database server's URL is not there.",
    "Create it with the key that spec.connection.secretRef names.",
  ),
  DatabaseServerAuthFailed: action(
    "The database server refuses the operator's login.",
    "Put the right URL into the connection Secret.",
  ),
  DatabaseServerConnecting: progress("The operator is connecting to the database server.", "Wait; it takes seconds."),
  DatabaseServerFull: action(
    "The database server has no place, connection or disk space left.",
    "Raise spec.capacity or the server's limits, or add a DatabaseServer.",
  ),
  DatabaseServerMisconfigured: action(
    "The URL in the connection Secret names no database that exists.",
    "Let it end in /postgres.",
  ),
  DatabaseServerMissing: action(
    "The DatabaseServer that the Tenant names does not exist.",
    "Create it, or name another in spec.databaseServer.",
  ),
  DatabaseServerRightsMissing: action(
    "The operator's role lacks a right on the database server.",
    "Give it LOGIN, CREATEDB and CREATEROLE.",
  ),
  DatabaseServerTooOld: action("The database server's version is not supported.", "Move it to PostgreSQL 15 or later."),
  DatabaseServerUnreachable: retrying(
    "The database server cannot be reached.",
    "Check that it runs, its address and the network's rules.",
  ),
  LargeObjectsOpen: action(
    "A read-only vault can still make large objects.",
    "Run the REVOKE that the condition gives, as the server's administrator.",
  ),
  NoDatabaseServer: action("No DatabaseServer is ready and has room.", "Add one, or mend or enlarge one that exists."),
  NotAsked: progress("The database server could not be asked.", "See its condition Reachable."),
  PublicMayConnect: action(
    "Every role may connect to a database that is not a vault's.",
    "Run the REVOKE that the condition gives, as the server's administrator.",
  ),
  SlowCrashRecovery: action(
    "After a crash the database server would take minutes to start.",
    "Set recovery_init_sync_method to syncfs.",
  ),

  // ── Databases, golden templates and migrations ────────────────────────────────────────────────────────────────────
  DatabaseForeign: action(
    "A database or role of the vault's name was not made by Polyphony.",
    "Rename or remove it; it is never taken over.",
  ),
  DatabaseInUse: retrying("Another session holds a database that is to be copied or dropped.", "End that session."),
  DatabaseLost: action(
    "The vault's database was there and is gone.",
    "Restore it under its name; no empty one takes its place.",
  ),
  DatabaseQueryFailed: retrying("The database server refused a statement.", "Read the SQLSTATE in the condition."),
  DropRefused: action("A database was not dropped, as the proof for it was not fresh.", "Read the operator's log."),
  Fenced: progress("A newer operator leads; this one ends.", "Nothing, unless two installations share the server."),
  GoldenTemplateFailed: action(
    "The release's migrations fail on an empty database.",
    "Publish a release that mends them, or pin the one before.",
  ),
  GoldenTemplateInvalid: action(
    "The golden template is not what the release promises.",
    "Compare spec.schemaVersion with what the migrations bring.",
  ),
  GoldenTemplateMissing: retrying("The golden template is not ready on this server yet.", "Look at the VaultRelease."),
  Migrating: progress("The release's migrations run.", "Wait; the VaultRelease says how far they are."),
  MigrationFailed: action("The release's migrations failed.", "Read what they said; they are tried again."),
  MigrationHeldUp: action("The migration's pod does not start.", "Check the release's image and the pull secrets."),
  SchemaUnknown: action(
    "The database was not copied from the release's golden template.",
    "Find out who made it; restore or recreate the vault.",
  ),
} as const satisfies Record<string, ReasonEntry>;

/** The name of a reason in the catalogue. */
export type Reason = keyof typeof reasons;

/** Whether a text, for example of a status that another version wrote, is a reason of the catalogue. */
export const isReason = (text: string): text is Reason => Object.hasOwn(reasons, text);

/** A reason read back from a condition; one that is not in the catalogue (any more) is an UnexpectedError. */
export const knownReason = (text: string): Reason => (isReason(text) ? text : "UnexpectedError");

/** Every name, label and annotation of a vault. A slug is only an address: nothing else is built from it. */

export const labels = {
  managedBy: "app.kubernetes.io/managed-by",
  name: "app.kubernetes.io/name",
  vault: "polyphony.dev/vault",
  vaultId: "polyphony.dev/vault-id",
  tenant: "polyphony.dev/tenant",
  instance: "polyphony.dev/instance",
} as const;

export const annotations = {
  vaultId: "polyphony.dev/vault-id",
  databaseServer: "polyphony.dev/database-server",
  configHash: "polyphony.dev/config-hash",
  /** A person's answer to the deletion breaker: approved or rejected. */
  deletion: "polyphony.dev/deletion",
  /** On a RetainedVault: the Tenant as it was, for its return. */
  lastTenant: "polyphony.dev/last-tenant",
  /** On a RetainedVault: its Tenant's deletion was rejected; the Tenant of this UID is to be made anew. */
  returnOf: "polyphony.dev/return-of",
  /** On a vault's pods: which secrets they run with. */
  secretVersions: "polyphony.dev/secret-versions",
  wakeRequestedAt: "polyphony.dev/wake-requested-at",
  /** Go over to the wanted release now, whatever the maintenance window says. */
  upgradeRequestedAt: "polyphony.dev/upgrade-requested-at",
  /** Try again now what failed. */
  retryRequestedAt: "polyphony.dev/retry-requested-at",
  rotateDatabase: "polyphony.dev/rotate-database-requested-at",
  rotateSigning: "polyphony.dev/rotate-signing-requested-at",
} as const;

export const managedBy = "polyphony";
export const fieldManager = "polyphony-operator";
export const finalizer = "polyphony.dev/vault";

/** The name of everything that there is once in a vault's namespace. */
export const vaultName = "vault";
export const serviceAccountName = "vault";
export const publicPortName = "http";
export const internalPortName = "internal";

/** The first 12 hex digits of a vault id. */
export const shortId = (vaultId: string): string => vaultId.replaceAll("-", "").slice(0, 12);

/** The namespace of a vault. */
export const namespaceOf = (vaultId: string): string => `vault-${shortId(vaultId)}`;

/** The name of the VaultRelease of a template at a version. */
export const releaseName = (template: string, version: string): string => `${template}-${version}`;

/** The public address of a vault, without a slash at its end. */
export const publicUrl = (publicUrlTemplate: string, slug: string): string =>
  publicUrlTemplate.replaceAll("{slug}", slug).replace(/\/$/, "");

/** Labels that every object of a vault carries. */
export const ownedLabels = (vaultId: string, slug: string): Record<string, string> => ({
  [labels.managedBy]: managedBy,
  [labels.vaultId]: vaultId,
  [labels.tenant]: slug,
});

/** Labels that choose the vault's pods. They never change, as a Deployment's selector cannot. */
export const podSelector = (vaultId: string): Record<string, string> => ({
  [labels.name]: vaultName,
  [labels.vaultId]: vaultId,
});

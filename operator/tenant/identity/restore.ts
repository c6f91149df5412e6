import type { RetainedVault, Tenant, TenantStatus, VaultRelease } from "../../../crds/index.ts";
import { kinds, typed } from "../../../kube/kinds.ts";
import { StalledError, WaitingError } from "../../outcome.ts";
import { withoutKey } from "../../without-key.ts";
import { vaultIdOf } from "../caches.ts";
import type { TenantDeps } from "../deps.ts";
import { serverFor } from "../database-server-for.ts";
import { tenantKind } from "../gather.ts";
import { readLastTenant } from "../deletion/last-tenant.ts";
import { annotations, fieldManager, finalizer } from "../names.ts";
import { isSettled, openRecords, retainedKind } from "../deletion/retain.ts";

const isClaimed = ({ metadata }: Tenant): boolean => (metadata.finalizers ?? []).includes(finalizer);

/** Whether this Tenant is the one that is made anew after its deletion was rejected. */
const returnsAs = (tenant: Tenant, { metadata, spec }: RetainedVault): boolean =>
  metadata.annotations?.[annotations.returnOf] !== undefined && spec.slug === tenant.metadata.name;

const mayTake = (tenant: Tenant, retained: RetainedVault): boolean =>
  retained.metadata.name === tenant.spec.restoreFrom ||
  retained.status?.restoredBy?.uid === tenant.metadata.uid ||
  returnsAs(tenant, retained);

const retainedByName = async (name: string, deps: TenantDeps): Promise<RetainedVault> => {
  const retained = await deps.kube.find(retainedKind, { name });
  if (retained) return retained;
  throw new StalledError(
    "RetainedVaultMissing",
    `There is no RetainedVault "${name}" to restore from: see kubectl get retainedvaults.`,
  );
};

/** A Tenant that brings a vault id along: it may have it unless the vault is retained, and then only by that record. */
const retainedById = async (tenant: Tenant, vaultId: string, deps: TenantDeps): Promise<RetainedVault | null> => {
  const seen = deps.caches.retained.byIndex("vault", vaultId).filter(({ value }) => !isSettled(value));
  if (isClaimed(tenant) && seen.length === 0) return null;
  const records = await openRecords(vaultId, deps);
  const taken = records.find((retained) => mayTake(tenant, retained));
  const [record] = records;
  if (taken || !record) return taken ?? null;
  throw new StalledError(
    "VaultRetained",
    `The vault ${vaultId} was deleted and is kept by the RetainedVault "${record.metadata.name}". To bring it back, ` +
      `create a Tenant with spec.restoreFrom: ${record.metadata.name}; for a new vault, remove the annotation ${annotations.vaultId}.`,
  );
};

/** The RetainedVault whose vault this Tenant takes over, or null. Throws when it may not. */
export const findRetained = async (tenant: Tenant, deps: TenantDeps): Promise<RetainedVault | null> => {
  const vaultId = vaultIdOf(tenant);
  if (vaultId !== null) return retainedById(tenant, vaultId, deps);
  return tenant.spec.restoreFrom ? retainedByName(tenant.spec.restoreFrom, deps) : null;
};

const lastRelease = async ({ spec }: RetainedVault, deps: TenantDeps): Promise<VaultRelease | null> => {
  if (spec.release === "") return null;
  const found = await deps.kube.find(typed<VaultRelease>(kinds.vaultRelease), { name: spec.release });
  if (found) return found;
  throw new StalledError(
    "ReleaseMissing",
    `The vault ran ${spec.release} last, and there is no such VaultRelease: publish it again, so that the vault comes back as it was.`,
  );
};

const refuse = (tenant: Tenant, { metadata, spec, status }: RetainedVault): void => {
  const name = metadata.name;
  if (status?.phase === "Purged" || status?.phase === "Purging")
    throw new StalledError(
      "RetainedVaultPurged",
      `The data of the RetainedVault "${name}" is gone; restore from a backup.`,
    );
  const by = status?.restoredBy;
  if (by && by.uid !== tenant.metadata.uid)
    throw new StalledError(
      "RetainedVaultTaken",
      `The Tenant "${by.tenant}" has taken over the vault of the RetainedVault "${name}"; it lives only once.`,
    );
  if (spec.template !== tenant.spec.template)
    throw new StalledError(
      "TemplateDiffers",
      `The RetainedVault "${name}" is of the template "${spec.template}", not "${tenant.spec.template}": create the Tenant with that template.`,
    );
  if (spec.organization.id !== tenant.spec.organization.id)
    throw new StalledError(
      "OrganizationDiffers",
      `The RetainedVault "${name}" belongs to the organization "${spec.organization.id}": only that organization gets it back.`,
    );
  const server = tenant.spec.databaseServer;
  if (server !== undefined && server !== spec.databaseServer)
    throw new StalledError(
      "DatabaseServerDiffers",
      `The database of the RetainedVault "${name}" is on "${spec.databaseServer}", not "${server}": leave spec.databaseServer out.`,
    );
};

const requireDatabase = async ({ metadata, spec }: RetainedVault, deps: TenantDeps): Promise<void> => {
  const facts = await serverFor(spec.databaseServer, deps).observe(spec.vaultId);
  if (facts?.database?.finished) return;
  throw new StalledError(
    "DatabaseLost",
    `The database ${spec.database} of the RetainedVault "${metadata.name}" is not on "${spec.databaseServer}" any more: restore it under its name from a backup.`,
  );
};

/** One of two wins: this write, or the one that begins the purge; the other is refused, as the record has changed. */
const take = async (tenant: Tenant, retained: RetainedVault, deps: TenantDeps): Promise<void> => {
  const { name, uid, resourceVersion } = retained.metadata;
  const restoredBy = { tenant: tenant.metadata.name, uid: tenant.metadata.uid };
  if (retained.status?.phase === "Restoring" && retained.status.restoredBy?.uid === restoredBy.uid) return;
  const message = `The Tenant "${restoredBy.tenant}" takes the vault over.`;
  const status = { phase: "Restoring", message, restoredBy };
  await deps.kube.patchStatus(retainedKind, { name }, { metadata: { uid, resourceVersion }, status });
};

/** The status from which a vault goes on that has lived before: its release, and the versions of its secrets. */
const seedOf = (retained: RetainedVault, release: VaultRelease | null): TenantStatus | null => {
  if (!release) return null;
  const last = withoutKey(readLastTenant(retained)?.status ?? {}, "url");
  return {
    ...last,
    vaultId: retained.spec.vaultId,
    release: {
      name: release.metadata.name,
      version: release.spec.version,
      digest: release.spec.image.digest,
      schemaVersion: last.release?.schemaVersion ?? release.spec.schemaVersion,
    },
  };
};

/**
 * Takes a RetainedVault over for this Tenant, and gives the Tenant the status its vault had: so it comes back with the
 * release it ran last, whatever the channel offers now. Throws while, or because, it cannot. Safe to run twice.
 */
export const takeRetained = async (tenant: Tenant, retained: RetainedVault, deps: TenantDeps): Promise<Tenant> => {
  refuse(tenant, retained);
  const release = await lastRelease(retained, deps);
  await requireDatabase(retained, deps);
  await take(tenant, retained, deps);
  const status = tenant.status?.release ? null : seedOf(retained, release);
  if (!status) return tenant;
  const { name, uid, resourceVersion } = tenant.metadata;
  const body = { apiVersion: tenant.apiVersion, kind: tenant.kind, metadata: { name, uid, resourceVersion }, status };
  return deps.kube.applyStatus(tenantKind, body as unknown as Tenant, { force: true, fieldManager });
};

/**
 * The server that has the database of a vault id that a Tenant brings along (a cluster that was restored, GitOps), or
 * null when there is none. Throws while a server cannot be asked: a vault with data must not get an empty database.
 */
export const findHome = async (tenant: Tenant, vaultId: string, deps: TenantDeps): Promise<string | null> => {
  for (const { key } of deps.caches.servers.values()) {
    const handle = deps.servers.get(key);
    if (!handle)
      throw new WaitingError(
        "DatabaseServerConnecting",
        `The Tenant brings a vault id along, and the DatabaseServer "${key}", which may hold its database, cannot be asked yet.`,
        2_000,
      );
    const facts = await handle.observe(vaultId);
    const made = facts?.database?.template;
    if (facts && made && made !== tenant.spec.template)
      throw new StalledError(
        "TemplateDiffers",
        `The database of the vault ${vaultId} was made by the template "${made}", not "${tenant.spec.template}".`,
      );
    if (facts) return key;
  }
  return null;
};

export const requireVaultId = (tenant: Tenant): void => {
  const written = tenant.metadata.annotations?.[annotations.vaultId];
  if (written === undefined || vaultIdOf(tenant) !== null) return;
  throw new StalledError(
    "VaultIdInvalid",
    `The annotation ${annotations.vaultId} is not a UUID in lower case: remove it, or write the vault's id as it was.`,
  );
};

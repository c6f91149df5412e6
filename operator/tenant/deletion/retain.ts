import type { RetainedVault, Tenant } from "../../../crds/index.ts";
import { kinds, typed } from "../../../kube/kinds.ts";
import { isAlreadyExists } from "../../../kube/errors.ts";
import { vaultDatabaseName } from "../../database/names.ts";
import { durationMs } from "../../duration.ts";
import { RetryableError } from "../../outcome.ts";
import type { TenantDeps } from "../deps.ts";
import { writeLastTenant } from "./last-tenant.ts";
import { annotations, labels, managedBy, shortId } from "../names.ts";

export const retainedKind = typed<RetainedVault>(kinds.retainedVault);

/** Keeps a RetainedVault until its data is restored or purged. */
export const retainedFinalizer = "polyphony.dev/retained-vault";

/** Phases in which the data is nobody else's. A record without a phase has just been made. */
export const isSettled = ({ status }: RetainedVault): boolean =>
  status?.phase === "Restored" || status?.phase === "Purged";

/** One name for one deletion: a vault that is restored and deleted again leaves a record of its own each time. */
export const retainedName = (slug: string, deletedUid: string): string => `${slug.slice(0, 40)}-${shortId(deletedUid)}`;

/** A vault whose deletion was rejected is kept at least this long, whatever its retention, until it is back. */
const leastForReturnMs = 24 * 3_600_000;

export type Leaving = { tenant: Tenant; vaultId: string; server: string };

/** What a deleted Tenant leaves; `returns` when its deletion was rejected and it is to be made anew. Pure. */
export const retainedVaultOf = ({ tenant, vaultId, server }: Leaving, returns = false): RetainedVault => {
  const { name: slug, uid, deletionTimestamp = "" } = tenant.metadata;
  const retention = durationMs(tenant.spec.retention);
  const kept = returns ? Math.max(retention, leastForReturnMs) : retention;
  const keepUntil = new Date(Date.parse(deletionTimestamp) + kept);
  const object = {
    apiVersion: "polyphony.dev/v1alpha1",
    kind: "RetainedVault",
    metadata: {
      name: retainedName(slug, uid),
      labels: { [labels.managedBy]: managedBy, [labels.vaultId]: vaultId, [labels.tenant]: slug },
      annotations: {
        [annotations.lastTenant]: writeLastTenant(tenant),
        ...(returns ? { [annotations.returnOf]: uid } : {}),
      },
      finalizers: [retainedFinalizer],
    },
    spec: {
      vaultId,
      slug,
      organization: tenant.spec.organization,
      template: tenant.spec.template,
      release: tenant.status?.release?.name ?? "",
      databaseServer: server,
      database: vaultDatabaseName(vaultId),
      keepUntil: keepUntil.toISOString().replace(/\.\d+Z$/, "Z"),
    },
  };
  return object as unknown as RetainedVault;
};

/** The record of this very deletion, or undefined; read from the API server. */
export const findRecord = async ({ tenant }: Leaving, { kube }: TenantDeps): Promise<RetainedVault | undefined> =>
  kube.find(retainedKind, { name: retainedName(tenant.metadata.name, tenant.metadata.uid) });

/** Writes the record of a deletion, once. Throws when its name is taken by the record of another vault. */
export const writeRecord = async (leaving: Leaving, deps: TenantDeps, returns = false): Promise<void> => {
  const object = retainedVaultOf(leaving, returns);
  await deps.kube.create(retainedKind, object).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
  const found = await deps.kube.get(retainedKind, { name: object.metadata.name });
  if (found.spec.vaultId === leaving.vaultId) return;
  throw new RetryableError(
    "DeletionInDoubt",
    `The RetainedVault "${object.metadata.name}" is of another vault; nothing is destroyed. Rename or remove it.`,
  );
};

/** Records of this vault whose data is not settled, read from the API server. */
export const openRecords = async (vaultId: string, { kube }: Pick<TenantDeps, "kube">): Promise<RetainedVault[]> => {
  const found = await kube.list(retainedKind, { labelSelector: `${labels.vaultId}=${vaultId}` });
  return found.filter((retained) => retained.spec.vaultId === vaultId && !isSettled(retained));
};

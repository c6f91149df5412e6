import type { RetainedVault, Tenant } from "../../crds/index.ts";
import { isAlreadyExists } from "../../kube/errors.ts";
import { StalledError, WaitingError } from "../outcome.ts";
import { serverFor } from "../tenant/database-server-for.ts";
import { tenantKind } from "../tenant/gather.ts";
import { readLastTenant } from "../tenant/deletion/last-tenant.ts";
import { annotations, finalizer, labels } from "../tenant/names.ts";
import { openRecords } from "../tenant/deletion/retain.ts";
import type { RetainedDeps } from "./retained-deps.ts";
import { instantOf, moveTo } from "./retained-status.ts";

const carries = ({ metadata }: Tenant, vaultId: string): boolean =>
  metadata.annotations?.[annotations.vaultId] === vaultId;

const settle = (retained: RetainedVault, message: string, deps: RetainedDeps): Promise<RetainedVault> =>
  moveTo(retained, { phase: "Restored", message, settledAt: instantOf(deps.clock.now()) }, deps);

/**
 * What became of a Tenant that took the vault over: it has it (Restored), is still at it, or is gone before it had it,
 * and then the vault is kept again, unless another record keeps it or nothing is left of it.
 */
export const followRestore = async (retained: RetainedVault, deps: RetainedDeps): Promise<RetainedVault> => {
  const { vaultId, databaseServer } = retained.spec;
  const by = retained.status?.restoredBy ?? { tenant: "", uid: "" };
  const tenant = by.tenant === "" ? undefined : await deps.kube.find(tenantKind, { name: by.tenant });
  if (tenant?.metadata.uid === by.uid) {
    const isIts = carries(tenant, vaultId) && (tenant.metadata.finalizers ?? []).includes(finalizer);
    if (isIts) return settle(retained, `The Tenant "${by.tenant}" has the vault.`, deps);
    if (!tenant.metadata.deletionTimestamp)
      throw new WaitingError("Restoring", `The Tenant "${by.tenant}" takes the vault over.`, 1_000);
  }
  const others = await openRecords(vaultId, deps);
  const other = others.find((one) => one.metadata.uid !== retained.metadata.uid);
  if (other) return settle(retained, `The RetainedVault "${other.metadata.name}" keeps the vault.`, deps);
  const facts = await serverFor(databaseServer, deps).observe(vaultId);
  if (!facts) {
    const settledAt = instantOf(deps.clock.now());
    const message = `The Tenant "${by.tenant}" had the vault and was deleted; the data is gone.`;
    return moveTo(retained, { phase: "Purged", message, settledAt }, deps);
  }
  const message = `The data is kept until ${retained.spec.keepUntil}.`;
  return moveTo(retained, { phase: "Kept", message, restoredBy: null }, deps);
};

const manifestOf = (retained: RetainedVault): Tenant => {
  const last = readLastTenant(retained);
  const { slug, vaultId, databaseServer } = retained.spec;
  if (!last)
    throw new StalledError(
      "DeletionInDoubt",
      `The RetainedVault "${retained.metadata.name}" does not say any more what its Tenant was: create a Tenant with ` +
        `spec.restoreFrom: ${retained.metadata.name}.`,
    );
  const manifest = {
    apiVersion: "polyphony.dev/v1alpha1",
    kind: "Tenant",
    metadata: {
      name: slug,
      labels: { ...last.labels, [labels.vaultId]: vaultId },
      annotations: {
        ...last.annotations,
        [annotations.vaultId]: vaultId,
        [annotations.databaseServer]: databaseServer,
      },
    },
    spec: last.spec,
  };
  return manifest as unknown as Tenant;
};

/**
 * Makes a Tenant anew whose deletion was rejected, with its name, its wishes and its vault id. Its claim takes the vault
 * over as any other restore does. Throws while the old one is still there, or when the name is somebody else's by now.
 */
export const bringBack = async (retained: RetainedVault, deps: RetainedDeps): Promise<void> => {
  const { slug, vaultId } = retained.spec;
  const old = retained.metadata.annotations?.[annotations.returnOf];
  const present = await deps.kube.find(tenantKind, { name: slug });
  if (present?.metadata.uid === old)
    throw new WaitingError("Restoring", `The deleted Tenant "${slug}" has not gone yet.`, 200);
  if (!present) {
    await deps.kube.create(tenantKind, manifestOf(retained)).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
    throw new WaitingError("Restoring", `The Tenant "${slug}" is made anew and takes its vault over.`, 1_000);
  }
  if (carries(present, vaultId))
    throw new WaitingError("Restoring", `The Tenant "${slug}" takes its vault over.`, 1_000);
  throw new StalledError(
    "SlugTaken",
    `The deletion of the Tenant "${slug}" was rejected, but another Tenant has the name now. The vault is kept: ` +
      `create a Tenant of another name with spec.restoreFrom: ${retained.metadata.name}.`,
  );
};

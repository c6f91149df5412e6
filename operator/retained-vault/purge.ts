import type { RetainedVault } from "../../crds/index.ts";
import type { DropProof } from "../database/tenant-database.ts";
import { RetryableError } from "../outcome.ts";
import { serverFor } from "../tenant/database-server-for.ts";
import { otherHolders } from "../tenant/identity/vault-holder.ts";
import { openRecords, retainedKind } from "../tenant/deletion/retain.ts";
import type { RetainedDeps } from "./retained-deps.ts";
import { instantOf, moveTo, phaseOf } from "./retained-status.ts";

const doubt = (message: string): RetryableError =>
  new RetryableError("DeletionInDoubt", `${message} Nothing is destroyed.`);

/** Nobody else has the vault, as the API server says now. @throws RetryableError DeletionInDoubt that names who has. */
const requireAlone = async ({ metadata, spec }: RetainedVault, deps: RetainedDeps): Promise<void> => {
  const holder = (await otherHolders(spec.vaultId, null, deps))[0];
  if (holder) throw doubt(`The Tenant "${holder.metadata.name}" carries the same vault id ${spec.vaultId}.`);
  const others = await openRecords(spec.vaultId, deps);
  const other = others.find((one) => one.metadata.uid !== metadata.uid);
  if (other) throw doubt(`The RetainedVault "${other.metadata.name}" keeps the same vault.`);
};

/** From here on the vault cannot be restored. Of this write and a Tenant's taking the vault over, one is refused. */
export const beginPurge = async (retained: RetainedVault, deps: RetainedDeps): Promise<RetainedVault> => {
  await requireAlone(retained, deps);
  return moveTo(retained, { phase: "Purging", message: "The data is being destroyed." }, deps);
};

const proofOf = async (retained: RetainedVault, deps: RetainedDeps): Promise<DropProof> => {
  const seenAt = deps.clock.now();
  const { name, uid } = retained.metadata;
  const fresh = await deps.kube.get(retainedKind, { name });
  if (fresh.metadata.uid !== uid || phaseOf(fresh) !== "Purging")
    throw doubt(`The RetainedVault "${name}" is not the one that was to be purged.`);
  await requireAlone(fresh, deps);
  return { vaultId: fresh.spec.vaultId, tombstone: `retainedvault/${uid}`, seenAt };
};

/** Destroys the database and its logins, with fresh proof, and says so once they are seen to be gone. */
export const purge = async (retained: RetainedVault, deps: RetainedDeps): Promise<RetainedVault> => {
  const { vaultId, databaseServer } = retained.spec;
  const server = serverFor(databaseServer, deps);
  if (await server.observe(vaultId)) await server.drop(vaultId, await proofOf(retained, deps));
  if (await server.observe(vaultId)) throw doubt(`The database of the vault ${vaultId} is still there.`);
  const settledAt = instantOf(deps.clock.now());
  return moveTo(retained, { phase: "Purged", message: "The data is gone for good.", settledAt }, deps);
};

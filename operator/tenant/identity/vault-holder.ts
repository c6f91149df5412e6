import type { Tenant } from "../../../crds/index.ts";
import type { DropProof } from "../../database/tenant-database.ts";
import { RetryableError } from "../../outcome.ts";
import { vaultIdOf } from "../caches.ts";
import { comesFirst } from "./comes-first.ts";
import type { TenantDeps } from "../deps.ts";
import { tenantKind } from "../gather.ts";
import { labels } from "../names.ts";
import { openRecords, retainedName } from "../deletion/retain.ts";

type Deps = Pick<TenantDeps, "kube" | "caches" | "clock">;

const doubt = (message: string): RetryableError =>
  new RetryableError("DeletionInDoubt", `${message} Nothing is destroyed.`);

/**
 * Every other Tenant with this vault id: as the API server says now, and as was seen before (a Tenant that has not been
 * taken up yet carries the id without the label that it can be found by).
 */
export const otherHolders = async (vaultId: string, self: string | null, { kube, caches }: Deps): Promise<Tenant[]> => {
  const fresh = await kube.list(tenantKind, { labelSelector: `${labels.vaultId}=${vaultId}` });
  const seen = caches.tenants.byIndex("vault", vaultId).map(({ value }) => value);
  const all = new Map([...seen, ...fresh].map((tenant) => [tenant.metadata.uid, tenant]));
  return [...all.values()].filter((tenant) => tenant.metadata.uid !== self && vaultIdOf(tenant) === vaultId);
};

/**
 * Whether this deleted Tenant is the one whose vault it is. One that only carries the id (copied, forged, or refused)
 * may go without anything being taken down.
 */
export const holdsVault = async (tenant: Tenant, vaultId: string, deps: Deps): Promise<boolean> => {
  const { uid, name } = tenant.metadata;
  const others = await otherHolders(vaultId, uid, deps);
  if (others.some((other) => comesFirst(other, tenant, vaultId))) return false;
  const own = retainedName(name, uid);
  const records = await openRecords(vaultId, deps);
  return records.every(({ metadata, status }) => metadata.name === own || status?.restoredBy?.uid === uid);
};

/** Proof that this very Tenant was deleted and nobody else has its vault, from the API server and not from memory. */
export const proofOfDeletion = async (tenant: Tenant, vaultId: string, deps: Deps): Promise<DropProof> => {
  const seenAt = deps.clock.now();
  const fresh = await deps.kube.get(tenantKind, { name: tenant.metadata.name });
  if (fresh.metadata.uid !== tenant.metadata.uid || !fresh.metadata.deletionTimestamp)
    throw doubt("The Tenant is not the one that was deleted.");
  const other = (await otherHolders(vaultId, fresh.metadata.uid, deps))[0];
  if (other) throw doubt(`The Tenant "${other.metadata.name}" carries the same vault id ${vaultId}.`);
  const record = (await openRecords(vaultId, deps))[0];
  if (record) throw doubt(`The RetainedVault "${record.metadata.name}" keeps this vault.`);
  return { vaultId, tombstone: `tenant/${fresh.metadata.uid}`, seenAt };
};

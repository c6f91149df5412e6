import { DatabaseStalledError } from "./errors.ts";
import type { DropProof } from "./tenant-database.ts";

const freshMs = 60_000;

/** Throws unless the proof is for this very vault and was seen within the last minute. */
export const requireProof = (vaultId: string, proof: DropProof, now: Date): void => {
  const age = now.getTime() - proof.seenAt.getTime();
  const fresh = age >= -freshMs && age <= freshMs;
  if (proof.vaultId === vaultId && fresh && proof.tombstone !== "") return;
  throw new DatabaseStalledError(
    "DropRefused",
    `The database of vault ${vaultId} is kept: no fresh proof that this very vault was to be deleted.`,
  );
};

import { createHash } from "node:crypto";
import type { DesiredChild } from "../../../operator/tenant/desired.ts";

/** Desired objects and the digests that a cache would hold of them. */
export type HashedVault = { readonly objects: readonly object[]; readonly digests: readonly string[] };

const digestOf = (object: object): string => createHash("sha256").update(JSON.stringify(object)).digest("base64url");

export const hashedVault = (stages: readonly (readonly DesiredChild[])[]): HashedVault => {
  const objects = stages.flat().map(({ object }) => object);
  return { objects, digests: objects.map(digestOf) };
};

/** The least that anybody does who looks whether all is as it should be: hash each object, compare. CPU-µs for each vault. */
export const hashAndCompare = (vaults: readonly HashedVault[]): number => {
  const before = process.cpuUsage();
  let different = 0;
  for (const { objects, digests } of vaults) {
    for (const [index, object] of objects.entries()) if (digestOf(object) !== digests[index]) different += 1;
  }
  const { user, system } = process.cpuUsage(before);
  if (different > 0) throw new Error(`${String(different)} objects differ from themselves`);
  return (user + system) / vaults.length;
};

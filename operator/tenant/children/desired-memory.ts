import { createHash } from "node:crypto";
import type { ChildProjection } from "./children.ts";
import type { Desired } from "../desired-vault.ts";
import { desiredChildren } from "../desired.ts";
import { fingerprint } from "./fingerprint.ts";

/** Anything of which kind, name and fingerprint are known: what is there, or what should be. */
type Printed = Pick<ChildProjection, "kind" | "name" | "fingerprint"> & { terminating?: boolean };

const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** One value for all objects of a vault; the same for what is there and what is desired only when nothing is to be done. */
export const childrenDigest = (children: readonly Printed[]): string =>
  digestOf(
    children
      .map(({ kind, name, fingerprint: print, terminating }) => `${kind}/${name}=${terminating ? "going" : print}`)
      .sort()
      .join("\n"),
  );

const digestOfDesired = (vault: Desired): string =>
  childrenDigest(
    desiredChildren(vault)
      .flat()
      .map(({ kind, object }) => ({ kind, name: object.metadata?.name ?? "", fingerprint: fingerprint(kind, object) })),
  );

/** Knows what the objects of each vault come to, as long as what they are made from stays the same. */
export interface DesiredMemory {
  /** `childrenDigest` of the objects that are desired; made and hashed only when it is not known. */
  digestOf(vault: Desired): string;
  forget(vaultId: string): void;
}

/**
 * Making and hashing a vault's objects is nearly all of the work of a look that finds nothing to do. What is kept of a
 * vault are two digests: of what its objects were made from, and of the objects.
 */
export const createDesiredMemory = (): DesiredMemory => {
  const known = new Map<string, { of: string; digest: string }>();
  return {
    digestOf: (vault) => {
      const of = digestOf(JSON.stringify(vault));
      const before = known.get(vault.vaultId);
      if (before?.of === of) return before.digest;
      const digest = digestOfDesired(vault);
      known.set(vault.vaultId, { of, digest });
      return digest;
    },
    forget: (vaultId) => void known.delete(vaultId),
  };
};

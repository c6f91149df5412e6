import type { Tenant } from "../../crds/index.ts";

/** The API server's answers to our own writes of Tenants, for as long as the cache has not seen them. */
export interface OwnWrites {
  /** The newer of the cached Tenant and what was answered to us. */
  newest(cached: Tenant): Tenant;
  wrote(answer: Tenant): void;
}

/** Echoes come within moments, so the last few answers are all that matter. */
const remembered = 256;

/** Versions are numbers that grow, of any length. */
const isNewer = (one: Tenant, other: Tenant): boolean => {
  const [a, b] = [one.metadata.resourceVersion, other.metadata.resourceVersion];
  return a.length === b.length ? a > b : a.length > b.length;
};

/**
 * Without this, a visit right after another would compare its status with the one from before both, find nothing to
 * write, and leave the first one's standing: nobody wakes a tenant for the echo of its status.
 */
export const createOwnWrites = (): OwnWrites => {
  const answers = new Map<string, Tenant>();
  return {
    newest: (cached) => {
      const { uid } = cached.metadata;
      const own = answers.get(uid);
      if (own && isNewer(own, cached)) return own;
      answers.delete(uid);
      return cached;
    },
    wrote: (answer) => {
      const { uid } = answer.metadata;
      answers.delete(uid);
      answers.set(uid, answer);
      const oldest = answers.keys().next().value;
      if (answers.size > remembered && oldest !== undefined) answers.delete(oldest);
    },
  };
};

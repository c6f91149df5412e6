import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What a token is for. A hash made for one purpose never fits another. */
export type Purpose = "login" | "session" | "invitation" | "forgery" | "visitor-address";

export interface Tokens {
  /** 256 random bits, base64url, 43 characters. */
  fresh(): string;
  /** What is stored in place of a token: keyed, and bound to its purpose and to this vault. Hex, 64 characters. */
  hash(purpose: Purpose, token: string): string;
  /** What may be stored for a token that was given out while another signing key was in use: to find it by. */
  hashes(purpose: Purpose, token: string): string[];
  /** Compares in constant time, with every key that is accepted. */
  matches(purpose: Purpose, token: string, hash: string): boolean;
}

/**
 * Tokens of one vault. A token taken to another vault, or a row copied into another database, opens nothing there:
 * both the vault's id and its signing key are in the hash. `acceptedKeys` are other keys of this vault whose tokens
 * hold too, while keys are replaced.
 */
export function vaultTokens(vaultId: string, signingKey: string, acceptedKeys: readonly string[] = []): Tokens {
  const withKey = (key: string, purpose: Purpose, token: string) =>
    createHmac("sha256", key).update(`${purpose}\n${vaultId}\n${token}`).digest("hex");
  const hashes = (purpose: Purpose, token: string) =>
    [signingKey, ...acceptedKeys].map((key) => withKey(key, purpose, token));
  return {
    fresh: () => randomBytes(32).toString("base64url"),
    hash: (purpose, token) => withKey(signingKey, purpose, token),
    hashes,
    matches: (purpose, token, expected) => {
      const wanted = Buffer.from(expected);
      return hashes(purpose, token).some((text) => {
        const actual = Buffer.from(text);
        return actual.length === wanted.length && timingSafeEqual(actual, wanted);
      });
    },
  };
}

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What a token is for. A hash made for one purpose never fits another. */
export type Purpose = "login" | "session" | "invitation" | "forgery" | "visitor-address";

export interface Tokens {
  /** 256 random bits, base64url, 43 characters. */
  fresh(): string;
  /** What is stored in place of a token: keyed, and bound to its purpose and to this vault. Hex, 64 characters. */
  hash(purpose: Purpose, token: string): string;
  /** Compares in constant time. */
  matches(purpose: Purpose, token: string, hash: string): boolean;
}

/**
 * Tokens of one vault. A token taken to another vault, or a row copied into another database, opens nothing there:
 * both the vault's id and its signing key are in the hash.
 */
export function vaultTokens(vaultId: string, signingKey: string): Tokens {
  const hash = (purpose: Purpose, token: string) =>
    createHmac("sha256", signingKey).update(`${purpose}\n${vaultId}\n${token}`).digest("hex");
  return {
    fresh: () => randomBytes(32).toString("base64url"),
    hash,
    matches: (purpose, token, expected) => {
      const actual = Buffer.from(hash(purpose, token));
      const wanted = Buffer.from(expected);
      return actual.length === wanted.length && timingSafeEqual(actual, wanted);
    },
  };
}

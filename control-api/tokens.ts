import { createHmac, randomBytes, randomInt, timingSafeEqual } from "node:crypto";

/** What a token is for. A hash made for one purpose never fits another. */
export type Purpose =
  "login" | "login-code" | "session" | "browser" | "registration" | "invitation" | "affiliation" | "forgery" | "oidc";

/** Secrets that are given out once and kept as keyed hashes only (ASVS 6.5.2). */
export interface Tokens {
  /** 256 random bits, base64url, 43 characters. */
  fresh(): string;
  /** Six digits, evenly random. */
  code(): string;
  /** Hex, 64 characters. */
  hash(purpose: Purpose, token: string): string;
  /** Compares in constant time. */
  matches(purpose: Purpose, token: string, hash: string): boolean;
}

export const createTokens = (key: string): Tokens => {
  const hash = (purpose: Purpose, token: string) =>
    createHmac("sha256", key).update(`${purpose}\n${token}`).digest("hex");
  return {
    fresh: () => randomBytes(32).toString("base64url"),
    code: () => String(randomInt(0, 1_000_000)).padStart(6, "0"),
    hash,
    matches: (purpose, token, expected) => {
      const [actual, wanted] = [Buffer.from(hash(purpose, token)), Buffer.from(expected)];
      return actual.length === wanted.length && timingSafeEqual(actual, wanted);
    },
  };
};

/**
 * The token that belongs to a row of this id, and always the same one: so that jobs need to carry the id only, and a mail
 * that is sent twice says the same link.
 */
export const derivedToken = (tokens: Tokens, purpose: Purpose, id: string): string =>
  Buffer.from(tokens.hash(purpose, `token of ${id}`), "hex").toString("base64url");

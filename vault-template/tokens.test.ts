import { describe, expect, it } from "@jest/globals";
import { vaultTokens } from "./tokens.ts";

describe("V1: vaultTokens", () => {
  const tokens = vaultTokens("vault-1", "key-1");

  it("makes tokens of 256 bits that never repeat", () => {
    const made = new Set(Array.from({ length: 100 }, () => tokens.fresh()));
    expect(made.size).toBe(100);
    for (const token of made) expect(token).toMatch(/^[\w-]{43}$/);
  });

  it("binds a hash to its purpose, its vault and its signing key", () => {
    const hash = tokens.hash("login", "token");
    expect(tokens.matches("login", "token", hash)).toBe(true);
    expect(tokens.matches("session", "token", hash)).toBe(false);
    expect(tokens.matches("login", "other", hash)).toBe(false);
    expect(tokens.matches("login", "token", "")).toBe(false);
    for (const other of [vaultTokens("vault-2", "key-1"), vaultTokens("vault-1", "key-2")]) {
      expect(other.matches("login", "token", hash)).toBe(false);
    }
  });

  it("D7: signs with its own key, and takes what was signed with one that it accepts", () => {
    const rotated = vaultTokens("vault-1", "key-2", ["key-1"]);
    const old = tokens.hash("session", "token");
    expect(rotated.hash("session", "token")).not.toBe(old);
    expect(rotated.hashes("session", "token")).toEqual([rotated.hash("session", "token"), old]);
    expect(rotated.matches("session", "token", old)).toBe(true);
    expect(tokens.matches("session", "token", rotated.hash("session", "token"))).toBe(false);
  });
});

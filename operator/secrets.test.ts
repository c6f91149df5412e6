import { describe, expect, it } from "@jest/globals";
import { durationMs } from "./duration.ts";
import { createSecrets } from "./secrets.ts";

describe("derived secrets (D1, D7)", () => {
  const secrets = createSecrets(Buffer.alloc(32, 1));

  it("come back identical, so that a deleted Secret does too", () => {
    expect(secrets.derive("v", "signing-key", 1)).toBe(
      createSecrets(Buffer.alloc(32, 1)).derive("v", "signing-key", 1),
    );
  });

  it("differ by vault, purpose, version and master key, and have 256 bits", () => {
    const texts = [
      secrets.derive("v", "signing-key", 1),
      secrets.derive("w", "signing-key", 1),
      secrets.derive("v", "database-password", 1),
      secrets.derive("v", "signing-key", 2),
      createSecrets(Buffer.alloc(32, 2)).derive("v", "signing-key", 1),
    ];
    expect(new Set(texts).size).toBe(texts.length);
    expect(Buffer.from(texts[0] ?? "", "base64url")).toHaveLength(32);
  });

  it("need a master key of 32 bytes, and say how to make one", () => {
    expect(() => createSecrets(Buffer.alloc(16))).toThrow(/openssl rand -base64 32/);
  });
});

describe("durations of resources", () => {
  it.each([
    ["720h", 2_592_000_000],
    ["1h30m", 5_400_000],
    ["0s", 0],
    ["45s", 45_000],
  ])("reads %s", (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});

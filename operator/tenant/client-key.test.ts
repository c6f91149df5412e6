import { createPrivateKey, createPublicKey, type JsonWebKey, sign, verify } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { aTenant, aWorld } from "../../test/builders/a-world.ts";
import { createSecrets } from "../secrets.ts";
import { privateClientKey, publicClientKeys } from "./client-key.ts";

const secrets = createSecrets(Buffer.alloc(32, 7));
const vaultId = "2f6c1d0e-8b3a-4c55-9d7e-0a1b2c3d4e5f";
const worldWith = (status: object) => ({
  ...aWorld({ tenant: aTenant({ status }) }),
  vaultId,
  database: null,
});

const publicKey = (x: string) => createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });

describe("I6: the key by which a vault proves itself", () => {
  it("is the same whenever it is asked for, and another for each vault and version", () => {
    const key = privateClientKey(secrets, vaultId, 1);
    expect(privateClientKey(secrets, vaultId, 1)).toBe(key);
    expect(privateClientKey(secrets, vaultId, 2)).not.toBe(key);
    expect(privateClientKey(secrets, "00000000-0000-4000-8000-000000000000", 1)).not.toBe(key);
  });

  it("has its public half in the status, by which its signatures verify", () => {
    const [x = ""] = publicClientKeys(secrets, worldWith({})) ?? [];
    const jwk = JSON.parse(privateClientKey(secrets, vaultId, 1)) as JsonWebKey;
    const signature = sign(null, Buffer.from("I am the vault"), createPrivateKey({ key: jwk, format: "jwk" }));
    expect(verify(null, Buffer.from("I am the vault"), publicKey(x), signature)).toBe(true);
    expect(JSON.stringify(publicClientKeys(secrets, worldWith({})))).not.toContain(jwk.d);
  });

  it("is published before any pod has it, and stays until nothing can be signed with it any more", () => {
    const versions = { database: 1, databaseLogin: "a", signing: 2 };
    const accepted = [{ version: 1, until: "2026-06-01T00:00:00Z" }];
    const keys = publicClientKeys(
      secrets,
      worldWith({ secretVersions: versions, rotation: { signing: { step: "Announce", accepted } } }),
    );
    const x = (version: number) => (JSON.parse(privateClientKey(secrets, vaultId, version)) as JsonWebKey).x;
    expect(keys).toEqual([x(2), x(3), x(1)]);
  });

  it("has none before the vault has an id", () => {
    expect(publicClientKeys(secrets, { ...worldWith({}), vaultId: null })).toBeUndefined();
  });
});

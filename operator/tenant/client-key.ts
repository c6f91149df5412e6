import { createPrivateKey, type JsonWebKey } from "node:crypto";
import type { Secrets } from "../secrets.ts";
import { secretSetOf } from "./rotation/secret-versions.ts";
import type { World } from "./world.ts";

/** A PKCS #8 document around an Ed25519 seed of 32 bytes (RFC 8410). */
const aroundSeed = Buffer.from("302e020100300506032b657004220420", "hex");

/** The key by which a vault proves itself to the registry: Ed25519, derived, and replaced together with its signing key. */
const clientKey = (secrets: Secrets, vaultId: string, version: number): JsonWebKey => {
  const seed = Buffer.from(secrets.derive(vaultId, "client-key", version), "base64url");
  return createPrivateKey({ key: Buffer.concat([aroundSeed, seed]), format: "der", type: "pkcs8" }).export({
    format: "jwk",
  });
};

/** With its private half, as the vault is given it: a JSON Web Key. */
export const privateClientKey = (secrets: Secrets, vaultId: string, version: number): string => {
  const { kty, crv, d, x } = clientKey(secrets, vaultId, version);
  return JSON.stringify({ kty, crv, d, x });
};

/**
 * The public halves that the registry is to accept, base64url: while keys are replaced also the one that comes, before any
 * pod has it, and those that went.
 */
export const publicClientKeys = (
  secrets: Secrets,
  world: Pick<World, "tenant" | "database" | "vaultId">,
): string[] | undefined => {
  const { vaultId } = world;
  if (vaultId === null) return undefined;
  const { signing, accepted } = secretSetOf(world);
  return [signing, ...accepted].map((version) => clientKey(secrets, vaultId, version).x ?? "");
};

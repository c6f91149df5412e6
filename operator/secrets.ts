import { createSecretKey, hkdfSync } from "node:crypto";

export type SecretPurpose = "database-password" | "signing-key" | "client-key" | "migrator-password";

/** Passwords and keys of vaults, all derived; nothing random is stored, so a lost Secret comes back identical. */
export interface Secrets {
  /** 32 bytes as 43 characters of base64url. The same (subject, purpose, version) always gives the same text. */
  derive(subject: string, purpose: SecretPurpose, version: number): string;
}

/**
 * HKDF with SHA-256 (RFC 5869) over the installation's master key.
 * @throws RangeError when the master key has fewer than 32 bytes.
 */
export const createSecrets = (masterKey: Uint8Array): Secrets => {
  if (masterKey.byteLength < 32) {
    throw new RangeError(
      `The master key has ${masterKey.byteLength} bytes and needs at least 32: make one with "openssl rand -base64 32"`,
    );
  }
  const key = createSecretKey(masterKey);
  return {
    derive: (subject, purpose, version) =>
      Buffer.from(hkdfSync("sha256", key, "polyphony.dev/v1", `${subject}\n${purpose}\n${version}`, 32)).toString(
        "base64url",
      ),
  };
};

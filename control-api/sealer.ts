import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** What is to be read again, but by nobody who has the database only. */
export interface Sealer {
  /** `purpose` is bound to it: what was sealed for one does not open for another. */
  seal(purpose: string, text: string): string;
  /** Throws when it was sealed with another key, for another purpose, or was changed. */
  open(purpose: string, sealed: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under a key derived from the installation's. */
export const createSealer = (installationKey: string): Sealer => {
  const key = Buffer.from(hkdfSync("sha256", installationKey, "polyphony.dev/registry", "sealed", 32));
  return {
    seal: (purpose, text) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
      const hidden = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString("base64url");
    },
    open: (purpose, sealed) => {
      const bytes = Buffer.from(sealed, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString("utf8");
    },
  };
};

import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** PostgreSQL's own default (scram_iterations, version 16 and later). The passwords are random, so more buys nothing. */
const defaultIterations = 4096;

/**
 * The SCRAM-SHA-256 verifier that PostgreSQL stores for a password (RFC 5803, RFC 7677): given to `PASSWORD`, it is
 * stored as it is, so the password itself never reaches the server or its log.
 * Only printable ASCII is taken, for which SASLprep changes nothing.
 */
export const scramVerifier = (
  password: string,
  salt: Buffer = randomBytes(16),
  iterations: number = defaultIterations,
): string => {
  if (!/^[\x20-\x7e]+$/.test(password)) throw new TypeError("a password of printable ASCII characters is expected");
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
};

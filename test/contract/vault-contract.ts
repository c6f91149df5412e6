import type { ContractGround, VaultEnvironment } from "./vault-target.ts";
import { databaseContract } from "./database-contract.ts";
import { environmentContract } from "./environment-contract.ts";
import { serveContract } from "./serve-contract.ts";
import { stopContract } from "./stop-contract.ts";

/** A complete environment, except for what the target and the database add. */
export const contractEnvironment = (ground: ContractGround, databaseUrl: string): VaultEnvironment => ({
  VAULT_ID: "7b0a0d3e-2d11-4a35-9a65-3f6b1a9c2d10",
  VAULT_NAME: "Kontrakt & Kor 🎵",
  DATABASE_URL: databaseUrl,
  SMTP_URL: ground.smtpUrl,
  MAIL_FROM: "no-reply@contract.example",
  SIGNING_KEY: "contract-signing-key-0123456789-abcdefghijkl",
  OWNER_EMAIL: "owner@contract.example",
  OWNER_NAME: "Óla <Owner>",
  ACCESS: "ReadWrite",
  DRAIN_DELAY_MS: "0",
});

/**
 * Registers the tests of docs/vault-contract.md for one application. `ground` is asked for after the caller's own
 * beforeAll hooks have run.
 */
export function vaultContract(ground: () => ContractGround): void {
  environmentContract(ground);
  databaseContract(ground);
  serveContract(ground);
  stopContract(ground);
}

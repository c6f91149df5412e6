import type { ContractGround, VaultEnvironment } from "./vault-target.ts";

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

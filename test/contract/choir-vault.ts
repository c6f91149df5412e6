import { later } from "../../vault-template/clock.ts";
import { readConfig } from "../../vault-template/config.ts";
import { migrateDatabase } from "../../vault-template/db/migrate-database.ts";
import { migrations } from "../../vault-template/db/migrations/index.ts";
import { jsonLog } from "../../vault-template/log.ts";
import { serve, type Vault } from "../../vault-template/serve.ts";
import { freePorts } from "../harness/free-ports.ts";
import type { TemplateDatabase } from "./vault-target.ts";

export interface ChoirVault {
  vault: Vault;
  url: string;
  internalUrl: string;
  database: TemplateDatabase;
}

export interface ChoirVaultOptions {
  vaultId: string;
  name: string;
  owner: { email: string; name: string };
  smtpPort: number;
  /** How far ahead of the machine's time the vault is, in milliseconds. */
  ahead?: () => number;
  access?: "ReadWrite" | "ReadOnly";
  /** Further variables, or others in place of those above. */
  also?: Record<string, string>;
}

/** A choir vault inside this process, on a database that it may fill, ready for visitors. */
export async function startChoirVault(database: TemplateDatabase, options: ChoirVaultOptions): Promise<ChoirVault> {
  await migrateDatabase({ url: database.migratorUrl }, { migrations, lockTimeoutMs: 1000, statementTimeoutMs: 60_000 });
  const [port = 0, internalPort = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const config = readConfig({
    VAULT_ID: options.vaultId,
    VAULT_NAME: options.name,
    PUBLIC_URL: url,
    DATABASE_URL: options.access === "ReadOnly" ? database.roUrl : database.rwUrl,
    SMTP_URL: `smtp://127.0.0.1:${options.smtpPort}`,
    MAIL_FROM: "no-reply@choir.example",
    SIGNING_KEY: `${options.vaultId}-signing-key`,
    OWNER_EMAIL: options.owner.email,
    OWNER_NAME: options.owner.name,
    ACCESS: options.access ?? "ReadWrite",
    PORT: String(port),
    INTERNAL_PORT: String(internalPort),
    DRAIN_DELAY_MS: "0",
    ...options.also,
  });
  const clock = { now: () => later(new Date(), options.ahead?.() ?? 0) };
  const log = jsonLog(() => undefined, clock.now);
  const vault = await serve(config, clock, log);
  const internalUrl = `http://127.0.0.1:${internalPort}`;
  while (!(await fetch(`${internalUrl}/readyz`)).ok) await new Promise((resolve) => setTimeout(resolve, 20));
  return { vault, url, internalUrl, database };
}

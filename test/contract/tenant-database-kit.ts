import { randomUUID } from "node:crypto";
import type { EffectObserver } from "../../operator/database/pg-link.ts";
import { goldenName } from "../../operator/database/names.ts";
import { scramVerifier } from "../../operator/database/scram.ts";
import type {
  Access,
  DatabaseServer,
  DatabaseServers,
  GoldenSpec,
  LoginSlot,
  VaultDatabaseSpec,
} from "../../operator/database/tenant-database.ts";
import type { SchemaFacts } from "../../operator/database/vault-migrations.ts";

/** What a hand at the server's own console might do to a vault. */
export type Tampering =
  | "public may connect"
  | "wrong group"
  | "own settings"
  | "may create databases"
  | "expires"
  | "stranger may connect"
  | "somebody owns it"
  | "mark is gone"
  | "login's mark is gone"
  | "nobody may connect"
  | "is a template";

export interface OperatorProcess {
  epoch?: number;
  holder?: string;
  instance?: string;
  capacity?: number;
  onEffect?: EffectObserver;
}

/** One PostgreSQL, real or pretended, as the suite needs it. */
export interface ContractServer {
  /** A new operator process, connected under the name "main". */
  start(options?: OperatorProcess): Promise<{ servers: DatabaseServers; server: DatabaseServer }>;
  /** Runs the template's migrations with the migrator's login: table member (written) and sign_in (writable when read-only). */
  migrate(spec: GoldenSpec, password: string): Promise<void>;
  /** Does what a worker would in a vault's database: a step that makes the table note, sets the schema, leaves a receipt. */
  migrateVault(vaultId: string, schema: SchemaFacts, password: string, receipt?: string): Promise<void>;
  /** Takes away the right that the writers have on the table that `migrateVault` makes. */
  hideNotes(vaultId: string): Promise<void>;
  /** Who may write the table that `migrateVault` makes. */
  mayWriteNotes(vaultId: string): Promise<{ rw: boolean; ro: boolean }>;
  /** What this login may do right now, in a new session; null when it cannot even log in. */
  access(vaultId: string, slot: LoginSlot, password: string): Promise<Access | null>;
  /** Whether a role that has nothing to do with the vault may connect to the database. */
  strangerMayConnect(database: string): Promise<boolean>;
  tamper(vaultId: string, how: Tampering): Promise<void>;
  dropByHand(vaultId: string): Promise<void>;
  foreignDatabase(name: string): Promise<void>;
  foreignRole(name: string): Promise<void>;
  stop(): Promise<void>;
}

export const passwordOf = (version: number): string => `password-number-${version}`;
export const migratorPassword = "the-migrators-password";

export const aGolden = (changes: Partial<GoldenSpec> = {}): GoldenSpec => {
  const release = changes.release ?? `choir-1.0.${Math.trunc(Math.random() * 1e6)}`;
  const digest = `sha256:${randomUUID().replaceAll("-", "").repeat(2)}`;
  return {
    database: goldenName(release, digest),
    release,
    digest,
    template: "choir",
    schemaVersion: 7,
    writableWhenReadOnly: ["sign_in"],
    ...changes,
  };
};

export const aVault = (golden: GoldenSpec, changes: Partial<VaultDatabaseSpec> = {}): VaultDatabaseSpec => {
  const passwordVersion = changes.passwordVersion ?? 1;
  return {
    vaultId: randomUUID(),
    template: golden.template,
    golden: golden.database,
    access: "ReadWrite",
    activeLogin: "a",
    passwordVersion,
    verifier: () => scramVerifier(passwordOf(passwordVersion)),
    ...changes,
  };
};

export const soon = (): { verifier: string; validUntil: Date } => ({
  verifier: scramVerifier(migratorPassword),
  validUntil: new Date(Date.now() + 3_600_000),
});

export const proofFor = (vaultId: string) => ({ vaultId, tombstone: "a-test", seenAt: new Date() });

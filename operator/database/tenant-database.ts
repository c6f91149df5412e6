/**
 * What the operator knows of PostgreSQL: servers, golden templates and the databases of vaults.
 * The only SQL of the operator is behind these interfaces (`pg-*.ts`); `fake-*.ts` keeps the same promises in memory,
 * and one contract suite runs on both. Every operation reads before it writes, does only what is missing, may run
 * twice, and may be killed between any two effects.
 */

import type { VaultAdoption } from "./vault-adoption.ts";
import type { SchemaFacts, VaultMigrations } from "./vault-migrations.ts";
import type { VaultUsage } from "./vault-usage.ts";

export type Access = "ReadWrite" | "ReadOnly";
/** The two login roles of a vault: one is active, the other waits for the next rotation. */
export type LoginSlot = "a" | "b";

/** Servers the operator is connected to, by the name of their DatabaseServer resource. */
export interface DatabaseServers {
  /** The connected, prepared and fenced server, or undefined while it is not (its conditions say why). */
  get(name: string): DatabaseServer | undefined;
  /** What `connect` found that only the server's administrator can mend. */
  findings(name: string): Finding[];
  /**
   * Connects, prepares and fences, or keeps the present connection when `connection` has not changed.
   * Throws the errors of `errors.ts`; after a throw `get(name)` is undefined unless the old connection still serves.
   */
  connect(name: string, connection: ServerConnection): Promise<DatabaseServer>;
  /** Lets go of one server; running effects finish first. */
  disconnect(name: string): Promise<void>;
  /** Lets go of every server, for a graceful stop. */
  close(): Promise<void>;
}

export interface ServerConnection {
  /** postgres://operator:password@host:port/maintenance-database, from the connection Secret. */
  url: string;
  sslMode: "disable" | "require" | "verify-full";
  /** Where vaults and migrations connect (spec.pooler or spec.address); the URL's own host and port when absent. */
  address?: { host: string; port: number };
  /** How many vault databases the server takes; none beyond it is created. */
  capacity: number;
}

/** One PostgreSQL server. All of it may throw the errors of `errors.ts`. */
export interface DatabaseServer extends VaultDatabases, VaultAdoption, VaultUsage, GoldenTemplates, VaultMigrations {
  readonly name: string;
  /** One query; no session on any tenant's database. */
  probe(): Promise<ServerFacts>;
  /** Sizes of every vault's database, written to the control database; seconds on thousands, so ask rarely. */
  measure(): Promise<{ databases: number; bytes: number }>;
  /**
   * The control database with its tables, and PUBLIC without CONNECT on `postgres` and `template1` where the operator
   * may take it. What only the server's administrator can do comes back as findings.
   */
  prepare(): Promise<Finding[]>;
  /** Raises the epoch and ends every session of an older one; FencedError when a newer one exists. */
  fence(): Promise<void>;
}

export interface ServerFacts {
  /** As in server_version_num: 150018. */
  versionNumber: number;
  /** As people say it: "15.18". */
  version: string;
  isSuperuser: boolean;
  canCreateRole: boolean;
  canCreateDatabase: boolean;
  maxConnections: number;
  /** "fsync" makes a start after a crash take minutes with thousands of databases; null when hidden. */
  recoveryInitSyncMethod: string | null;
  /** Vault databases on this server. */
  databases: number;
  /** Their total size as last measured, or null before the first measurement. */
  bytes: number | null;
  /** Golden templates in which logins may make large objects, even while read-only. */
  largeObjectsOpen: boolean;
}

/** Something about the server that the operator cannot mend itself. */
export interface Finding {
  reason: "PublicMayConnect" | "LargeObjectsOpen";
  /** Says what to do, with the statement to run. */
  message: string;
}

// ── Vault databases ─────────────────────────────────────────────────────────────────────────────────────────────────

export interface VaultDatabases {
  /** What there is of this vault, in one round trip over the shared catalogs; null when there is nothing. */
  observe(vaultId: string): Promise<VaultDatabaseFacts | null>;
  /** The same for every vault on the server, keyed by vault id, for drift checks. */
  observeAll(): Promise<Map<string, VaultDatabaseFacts>>;
  /**
   * Makes it so, doing only what is missing; returns the effects done (empty when in sync: zero writes).
   * Throws ForeignObjectError, and the reasons GoldenTemplateMissing, DatabaseServerFull, Fenced, ….
   */
  converge(spec: VaultDatabaseSpec): Promise<EffectName[]>;
  /** Both logins closed, no new connections, all sessions ended. Data stays. */
  close(vaultId: string): Promise<EffectName[]>;
  /** Database and roles gone for good; refuses without fresh proof for this very vault. */
  drop(vaultId: string, proof: DropProof): Promise<EffectName[]>;
  /** The URL a vault (or its migration) is given: this server's host with another database, user and password. */
  urlFor(login: { database: string; user: string; password: string }): string;
}

export interface VaultDatabaseSpec {
  vaultId: string;
  /** The VaultTemplate's name, e.g. "choir-vault". */
  template: string;
  /** The golden template's database to copy when there is no database yet (`goldenName` of names.ts). */
  golden: string;
  access: Access;
  activeLogin: LoginSlot;
  /** Version of the active login's password; a change sets the password to `verifier`. */
  passwordVersion: number;
  /** SCRAM-SHA-256 verifier of the active login's password (`scramVerifier`); a function is called only when it is needed. */
  verifier: string | (() => string);
  /** While a rotation rolls the workload: leave the other login open. Default false: it is closed, its sessions ended. */
  keepOtherLogin?: boolean;
  /** Most connections per login; absent is no limit of its own. */
  connectionLimit?: number;
  /** WAL_LOG for one waiting customer, FILE_COPY in a burst. Default WAL_LOG. */
  strategy?: CopyStrategy;
}

export type CopyStrategy = "WAL_LOG" | "FILE_COPY";

export interface VaultDatabaseFacts {
  vaultId: string;
  database: DatabaseFacts | null;
  roles: Record<LoginSlot, LoginFacts | null>;
  /** The schema as last recorded; null before the database was opened. */
  schema: SchemaFacts | null;
  /** The database was open once but is gone: `converge` refuses to put an empty one in its place (DatabaseLost). */
  lost: boolean;
}

export interface DatabaseFacts {
  name: string;
  owner: string;
  /**
   * Owned by the operator's role and marked with this vault's id; or the very one that was opened, by its oid; or half
   * made by us (intent on record, never opened).
   */
  ours: boolean;
  /** The marker is on it: access was set up once, completely. */
  finished: boolean;
  /** The golden template it was copied from, as marked or as intended. */
  golden: string | null;
  template: string | null;
  allowConnections: boolean;
  /** What of it was changed: CONNECTION LIMIT, IS_TEMPLATE, OWNER, COMMENT (its mark). In sync none. */
  oddAttributes: string[];
  /** What PUBLIC may do on it: in sync it is empty. */
  publicPrivileges: string[];
  /** What other roles may do on it, as "role:PRIVILEGE", sorted; a star after the privilege: may grant it on. */
  grants: string[];
  /** ALTER DATABASE … SET, as name=value, sorted. */
  settings: string[];
  /** Its size as `measure` found it last, or null before it did. */
  bytes: number | null;
}

export interface LoginFacts {
  name: string;
  ours: boolean;
  canLogin: boolean;
  /**
   * Which of SUPERUSER, CREATEDB, CREATEROLE, REPLICATION, BYPASSRLS it has, NOINHERIT, VALID UNTIL with an end, or
   * COMMENT without its mark: in sync none.
   */
  oddAttributes: string[];
  /** Roles it is a member of, sorted, a star when it may grant them on; in sync exactly the rw or the ro role. */
  memberOf: string[];
  /** Roles that are members of it, besides the operator's own: in sync none. */
  members: string[];
  connectionLimit: number;
  /** Settings bound to the role (in any database), sorted: in sync none. */
  settings: string[];
  /** Version of the password last set by the operator, or null. */
  passwordVersion: number | null;
  /** Its open sessions. */
  sessions: number;
}

/** What the caller saw just before it asks for destruction (reliability: no destruction on doubt). */
export interface DropProof {
  vaultId: string;
  /** Name of the record that says so: a RetainedVault that came due, or the deletion of a Tenant by its UID. */
  tombstone: string;
  /** When a fresh read from the API server showed it; older than a minute is refused. */
  seenAt: Date;
}

// ── Golden templates ────────────────────────────────────────────────────────────────────────────────────────────────

export interface GoldenTemplates {
  observeGolden(database: string): Promise<GoldenFacts | null>;
  /** Template roles, the empty database with its default privileges, and the migrator enabled for `spec.migrator`. */
  createGoldenDraft(spec: GoldenSpec, migrator: MigratorLogin): Promise<EffectName[]>;
  /**
   * After the migrations ran: grants checked and completed, warmed, closed to connections, recorded as ready.
   * Throws GoldenTemplateInvalid when what the migrations left cannot be used.
   */
  finishGolden(spec: GoldenSpec): Promise<EffectName[]>;
  /** Not while a copy runs; vaults made from it are not touched. */
  dropGolden(database: string): Promise<EffectName[]>;
  /** One line in the record of migration runs, for people and for "who is behind". */
  recordMigration(run: MigrationRun): Promise<void>;
  /** The migrator's login goes away unless another run of the same template is under way. */
  disableMigrator(template: string): Promise<EffectName[]>;
}

export interface GoldenSpec {
  /** `goldenName(release, digest)` of names.ts. */
  database: string;
  release: string;
  template: string;
  digest: string;
  schemaVersion: number;
  /** Tables that a read-only vault may still write (sessions, sign-in links). */
  writableWhenReadOnly: readonly string[];
}

export interface MigratorLogin {
  verifier: string;
  /** The login is worthless after this time. */
  validUntil: Date;
}

export interface MigrationRun {
  database: string;
  release: string;
  outcome: "succeeded" | "failed";
  detail?: string;
}

export interface GoldenFacts {
  database: string;
  /** False while there is only the intent on record. */
  exists: boolean;
  ours: boolean;
  /** drafting: being set up · migrating: open for the migrator · ready: closed, warm, to be copied. */
  state: "drafting" | "migrating" | "ready";
  allowConnections: boolean;
  schemaVersion: number | null;
  migratorEnabledUntil: Date | null;
}

/** One effect on the server, as told in events and tests. */
export type EffectName =
  | "CreateRoles"
  | "CreateDatabase"
  | "OpenDatabase"
  | "DropUnfinishedDatabase"
  | "RepairDatabase"
  | "RepairRoles"
  | "SwitchAccess"
  | "SetPassword"
  | "CloseOtherLogin"
  | "EndSessions"
  | "CloseDatabase"
  | "DropDatabase"
  | "DropRoles"
  | "MeasureUsage"
  | "CreateTemplateRoles"
  | "CreateGolden"
  | "OpenGolden"
  | "GrantDefaults"
  | "EnableMigrator"
  | "DisableMigrator"
  | "FinishMigration"
  | "ClaimDatabase"
  | "TakeObjects"
  | "AdoptDatabase"
  | "GrantGolden"
  | "VacuumGolden"
  | "WarmGolden"
  | "CloseGolden"
  | "DropGolden";

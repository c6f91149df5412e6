import type { EffectName, MigratorLogin } from "./tenant-database.ts";

/**
 * Migrations of vaults' databases, seen from the operator. A worker with the release's image runs the steps; the operator
 * opens its login, sees for itself what came of each database, completes the rights there and keeps the record.
 */
export interface VaultMigrations {
  /**
   * What is known of every vault's database on the server, by its name, with the failures of one release; of one database
   * only when it is named. One query over the control database: no session on a vault's database.
   */
  observeMigrations(release: string, database?: string): Promise<Map<string, MigrationFacts>>;
  /** On record, and the migrator may log in; prolonged when its time is nearly over. */
  beginMigrations(series: MigrationSeries, migrator: MigratorLogin): Promise<EffectName[]>;
  /**
   * Looks into one database after its steps ran: when it is at the schema (or beyond), completes the rights on what the
   * steps made and records the success. Returns what was found; records nothing when the schema is not there yet.
   */
  finishMigration(target: MigrationTarget): Promise<MigrationEnd>;
  /**
   * Records the success of those of the databases whose last step left the receipt of this run, at the schema or beyond,
   * and where the rights on all that the owner has were given to readers and writers. Returns them. One query for all:
   * no session on a vault's database. Which rights they are, only `finishMigration` sees.
   */
  finishByReceipt(run: MigrationRun, databases: readonly string[]): Promise<ReadonlySet<string>>;
  /** One line in the record, once for each run and database: what the worker said when it failed. */
  recordFailure(failure: MigrationFailure): Promise<void>;
  /** Nothing is left to do: the login closes unless another series of the same template needs it. */
  endMigrations(series: MigrationSeries): Promise<EffectName[]>;
}

/** What a database's own `schema_version` says. */
export interface SchemaFacts {
  version: number;
  /** The lowest schema version that a release may need and still serve on this database. */
  oldestSupported: number;
}

export interface MigrationFacts {
  schema: SchemaFacts;
  /** How often this release's migration failed here. */
  failures: number;
  lastFailure: { at: Date; detail: string; run: string } | null;
}

/** One release on one server, through all its runs; and whose migrator it needs. */
export interface MigrationSeries {
  name: string;
  template: string;
}

/** What `finishMigration` found, and whether rights were missing that it gave. */
export interface MigrationEnd extends SchemaFacts {
  gaveRights: boolean;
}

/** One worker's run over databases of one release. */
export interface MigrationRun {
  /** The name of the worker's Job, and of its receipts. */
  run: string;
  release: string;
  template: string;
  /** What the release needs. */
  schemaVersion: number;
}

export interface MigrationTarget extends MigrationRun {
  database: string;
  writableWhenReadOnly: readonly string[];
}

export interface MigrationFailure {
  /** The name of the worker's Job. */
  run: string;
  database: string;
  release: string;
  /** For people, without secrets. */
  detail: string;
}

/** Whether a release that needs `needed` serves on this schema (docs/vault-contract.md, `schema_version`). */
export const servesOn = (schema: SchemaFacts, needed: number): boolean =>
  schema.version >= needed && schema.oldestSupported <= needed;

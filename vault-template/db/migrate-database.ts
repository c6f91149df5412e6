import knex, { type Knex } from "knex";
import { silentKnex } from "./connect.ts";
import { databaseTrouble } from "./database-errors.ts";
import type { Migration } from "./migrations/migration.ts";
import { readSchemaVersion } from "./schema-version.ts";

/** Both ends of what a run did to one database. */
export interface MigratedSpan {
  from: number;
  to: number;
}

export interface MigrateOptions {
  migrations: readonly Migration[];
  /** How long one step may wait for a lock before it gives way to the vault that holds it. */
  lockTimeoutMs: number;
  /** How long one statement may run; a step that needs more is to be made of smaller ones. */
  statementTimeoutMs: number;
}

// "polyphony" in a bigint: two workers on one database wait for each other, also when one of them is a leftover.
const migrationLock = "8101826440148184174";

const schemaVersionTable = `CREATE TABLE IF NOT EXISTS schema_version (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version integer NOT NULL,
  oldest_supported integer NOT NULL,
  migrated_at timestamptz NOT NULL
)`;

const connect = (url: string): Knex =>
  knex({
    client: "pg",
    version: "15.0",
    log: silentKnex,
    connection: {
      connectionString: url,
      application_name: "vault migrate",
      connectionTimeoutMillis: 10_000,
    } as Knex.PgConnectionConfig,
    pool: { min: 0, max: 1, acquireTimeoutMillis: 12_000 },
  });

/**
 * Begins a step: in one round trip the limits, names that mean this schema's objects whatever a session or a role brings
 * along, and the lock on this database. Says whether it was ever migrated.
 */
const beginStep = async (transaction: Knex.Transaction, options: MigrateOptions): Promise<boolean> => {
  const results = await transaction.raw<{ rows: { there?: boolean }[] }[]>(
    [
      `SET LOCAL lock_timeout = ${String(Math.trunc(options.lockTimeoutMs))}`,
      `SET LOCAL statement_timeout = ${String(Math.trunc(options.statementTimeoutMs))}`,
      "SET LOCAL search_path = public, pg_temp",
      `SELECT pg_advisory_xact_lock(${migrationLock})`,
      "SELECT to_regclass('public.schema_version') IS NOT NULL AS there",
    ].join(";"),
  );
  return results.at(-1)?.rows[0]?.there === true;
};

interface Stepped {
  before: number;
  after: number;
}

/** Applies the next step, if there is one. A step and its version are one transaction: killed half-way, nothing happened. */
const nextStep = (database: Knex, options: MigrateOptions): Promise<Stepped> =>
  database.transaction(async (transaction) => {
    const there = await beginStep(transaction, options);
    const before = there ? (await readSchemaVersion(transaction)).version : 0;
    const step = options.migrations.find((migration) => migration.version > before);
    if (!step) return { before, after: before };
    if (!there) await transaction.raw(schemaVersionTable);
    await step.up(transaction);
    await transaction.raw(
      `INSERT INTO schema_version (version, oldest_supported, migrated_at) VALUES (?, ?, now())
       ON CONFLICT (only_row) DO UPDATE SET version = excluded.version,
         oldest_supported = excluded.oldest_supported, migrated_at = excluded.migrated_at`,
      [step.version, step.oldestSupported],
    );
    return { before, after: step.version };
  });

/** Whether a step left the database to a session that holds a lock; it is worth another try when that is gone. */
export const gaveWay = (error: unknown): boolean =>
  ["55P03", "40P01"].includes((error as { code?: string } | null)?.code ?? "");

/** Brings one database to the last step. Safe to run twice, at once, and after a kill. Throws pg's error when it cannot. */
export async function migrateDatabase(url: string, options: MigrateOptions): Promise<MigratedSpan> {
  const database = connect(url);
  const last = options.migrations.at(-1)?.version ?? 0;
  try {
    const { before: from, after } = await nextStep(database, options);
    let to = after;
    while (to < last) to = (await nextStep(database, options)).after;
    return { from, to };
  } finally {
    await database.destroy();
  }
}

/** One line for the operator: what failed and, where it is known, what to do. Never holds a URL or a password. */
export function migrationFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | null)?.code;
  const told = typeof code === "string" ? `${message} (${code})` : message;
  if (gaveWay(error)) return `${told}. Another session holds a lock that the step needs; run it again when it is gone.`;
  if (databaseTrouble(error) === "read-only")
    return `${told}. The migrator must be a member of the template's owner role, with CREATE on the schema public.`;
  if (databaseTrouble(error) === "away")
    return `${told}. Check the address, CONNECT on the database and the password; then run it again.`;
  return told;
}

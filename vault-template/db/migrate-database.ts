import pg from "pg";
import { databaseTrouble } from "./database-errors.ts";
import type { Migration } from "./migrations/migration.ts";

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

/** Statements that travel in one message; each round trip saved is one for every database of a fleet. */
const together = (statements: readonly string[]): string => statements.join(";\n");

/** Limits, names that mean this schema's objects whatever a session or a role brings along, the lock on this database. */
const beginning = (options: MigrateOptions): string[] => [
  "BEGIN",
  `SET LOCAL lock_timeout = ${String(Math.trunc(options.lockTimeoutMs))}`,
  `SET LOCAL statement_timeout = ${String(Math.trunc(options.statementTimeoutMs))}`,
  "SET LOCAL search_path = public, pg_temp",
  `SELECT pg_advisory_xact_lock(${migrationLock})`,
];

const whereItStands = "SELECT current_database() AS database, (SELECT version FROM public.schema_version) AS version";

interface Standing {
  database: string;
  version: number;
}

const ask = async (session: pg.Client, statements: readonly string[]): Promise<Standing> => {
  const results = (await session.query(together(statements))) as unknown as pg.QueryResult<Partial<Standing>>[];
  const { database = "", version } = results.at(-1)?.rows[0] ?? {};
  return { database, version: version ?? 0 };
};

/** Begins a step in one round trip; a database that was never migrated, as a golden template's, costs one more. */
const beginStep = async (session: pg.Client, options: MigrateOptions): Promise<Standing> => {
  try {
    return await ask(session, [...beginning(options), whereItStands]);
  } catch (error) {
    if (codeOf(error) !== "42P01") throw error;
    return ask(session, ["ROLLBACK", ...beginning(options), schemaVersionTable, whereItStands]);
  }
};

/** What the step leaves in the catalog that all databases share, with its own transaction: the operator reads it there. */
const receiptSql = (receipt: string, database: string, { version, oldestSupported }: Migration): string => {
  const text = `migrated by ${receipt} to ${String(version)}/${String(oldestSupported)}`;
  const where = pg.escapeIdentifier(database);
  return `ALTER ROLE CURRENT_USER IN DATABASE ${where} SET application_name = ${pg.escapeLiteral(text)}`;
};

const recordSql = ({ version, oldestSupported }: Migration): string =>
  `INSERT INTO public.schema_version (version, oldest_supported, migrated_at)
   VALUES (${String(version)}, ${String(oldestSupported)}, now())
   ON CONFLICT (only_row) DO UPDATE SET version = excluded.version,
     oldest_supported = excluded.oldest_supported, migrated_at = excluded.migrated_at`;

interface Stepped {
  before: number;
  after: number;
}

/** Applies the next step, if there is one. A step and its version are one transaction: killed half-way, nothing happened. */
const nextStep = async (session: pg.Client, options: MigrateOptions, receipt?: string): Promise<Stepped> => {
  const { database, version: before } = await beginStep(session, options);
  const step = options.migrations.find((migration) => migration.version > before);
  // The session ends after this, and the transaction with it.
  if (!step) return { before, after: before };
  const left = receipt === undefined ? [] : [receiptSql(receipt, database, step)];
  await session.query(together([...step.statements, recordSql(step), ...left, "COMMIT"]));
  return { before, after: step.version };
};

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
};

/** Whether a step left the database to a session that holds a lock; it is worth another try when that is gone. */
export const gaveWay = (error: unknown): boolean => ["55P03", "40P01"].includes(codeOf(error));

/** One database of a run. */
export interface MigrateTarget {
  url: string;
  /** Left behind by each step for whoever started the run; see docs/vault-contract.md, `migrate`. */
  receipt?: string | undefined;
}

/** Brings one database to the last step. Safe to run twice, at once, and after a kill. Throws pg's error when it cannot. */
export async function migrateDatabase({ url, receipt }: MigrateTarget, options: MigrateOptions): Promise<MigratedSpan> {
  const session = new pg.Client({
    connectionString: url,
    application_name: "vault migrate",
    connectionTimeoutMillis: 10_000,
  });
  // A connection that breaks between two queries says so to the next one.
  session.on("error", () => undefined);
  const last = options.migrations.at(-1)?.version ?? 0;
  try {
    await session.connect();
    const { before: from, after } = await nextStep(session, options, receipt);
    let to = after;
    while (to < last) to = (await nextStep(session, options, receipt)).after;
    return { from, to };
  } finally {
    await session.end().catch(() => undefined);
  }
}

/** One line for the operator: what failed and, where it is known, what to do. Never holds a URL or a password. */
export function migrationFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const told = code === "" ? message : `${message} (${code})`;
  if (gaveWay(error)) return `${told}. Another session holds a lock that the step needs; run it again when it is gone.`;
  if (databaseTrouble(error) === "read-only")
    return `${told}. The migrator must be a member of the template's owner role, with CREATE on the schema public.`;
  if (databaseTrouble(error) === "away")
    return `${told}. Check the address, CONNECT on the database and the password; then run it again.`;
  return told;
}

import { z } from "zod";
import { DatabaseStalledError } from "./errors.ts";
import { goldenMarker } from "./golden-plan.ts";
import { templateRoles } from "./names.ts";
import type { Query } from "./pg-link.ts";
import { asMemberOf } from "./pg-sessions.ts";
import { identifier, identifiers, literal, together } from "./pg-text.ts";
import type { GoldenSpec } from "./tenant-database.ts";
import type { SchemaFacts } from "./vault-migrations.ts";
import { vaultSettings } from "./vault-plan.ts";

/** The intent is on record, then an empty database that nobody may connect to. */
export const createGolden = async (session: Query, spec: GoldenSpec): Promise<void> => {
  await session.query(
    `INSERT INTO polyphony.golden (database, release, template, digest, schema_version, state)
     VALUES ($1, $2, $3, $4, $5, 'drafting')
     ON CONFLICT (database) DO UPDATE SET state = 'drafting', schema_version = EXCLUDED.schema_version, changed_at = now()`,
    [spec.database, spec.release, spec.template, spec.digest, spec.schemaVersion],
  );
  // template1 carries what the server's administrator wants in every database, such as closed large objects
  // (server-setup.sql) and extensions; template0 serves where template1 is not in UTF-8.
  const { rows } = await session.query<{ encoding: string }>(
    "SELECT pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = 'template1'",
  );
  const source = rows[0]?.encoding === "UTF8" ? "template1" : "template0";
  await session.query(
    `CREATE DATABASE ${identifier(spec.database)} TEMPLATE ${source} ENCODING 'UTF8' ALLOW_CONNECTIONS false`,
  );
};

/** Marked, and open for the migrator alone; in one transaction. */
export const openGoldenSql = (spec: GoldenSpec): string => {
  const database = identifier(spec.database);
  const { owner, migrator } = templateRoles(spec.template);
  return together([
    `COMMENT ON DATABASE ${database} IS ${literal(goldenMarker(spec))}`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${identifier(migrator)}`,
    `GRANT CREATE, TEMPORARY ON DATABASE ${database} TO ${identifier(owner)}`,
    ...vaultSettings.map((setting) => `ALTER DATABASE ${database} SET ${setting.replace("=", " = ")}`),
    `ALTER DATABASE ${database} ALLOW_CONNECTIONS true`,
  ]);
};

/** Inside the template: whatever the owner makes from now on, the readers may read and the writers may write. */
export const grantDefaultsSql = (template: string): string => {
  const { owner, rw, ro } = templateRoles(template);
  const byDefault = `ALTER DEFAULT PRIVILEGES FOR ROLE ${identifier(owner)} GRANT`;
  return together([
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    `GRANT USAGE, CREATE ON SCHEMA public TO ${identifier(owner)}`,
    `GRANT USAGE ON SCHEMA public TO ${identifiers([rw, ro])}`,
    ...asMemberOf(
      [owner],
      [
        `${byDefault} USAGE ON SCHEMAS TO ${identifiers([rw, ro])}`,
        `${byDefault} SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${identifier(rw)}`,
        `${byDefault} SELECT ON TABLES TO ${identifier(ro)}`,
        `${byDefault} USAGE, SELECT, UPDATE ON SEQUENCES TO ${identifier(rw)}`,
        `${byDefault} SELECT ON SEQUENCES TO ${identifier(ro)}`,
      ],
    ),
  ]);
};

const Contents = z.object({
  schemas: z.array(z.string()),
  strangers: z.array(z.string()),
  tables: z.array(z.string()),
});

/** What the migrations left: schemas of the owner (and public), objects of anybody else, tables in public. */
const readContents = async (session: Query, owner: string): Promise<z.infer<typeof Contents>> => {
  const { rows } = await session.query(
    `WITH spaces AS (
       SELECT oid, nspname::text FROM pg_namespace WHERE nspname = 'public' OR pg_get_userbyid(nspowner) = $1),
     things AS (
       SELECT c.relname::text, n.nspname, c.relkind, pg_get_userbyid(c.relowner) AS owner
         FROM pg_class c JOIN spaces n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
          AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e'))
     SELECT (SELECT array_agg(nspname ORDER BY 1) FROM spaces) AS schemas,
            coalesce((SELECT array_agg(relname ORDER BY 1) FROM things WHERE owner <> $1), '{}') AS strangers,
            coalesce((SELECT array_agg(relname ORDER BY 1) FROM things WHERE nspname = 'public' AND relkind IN ('r', 'p')), '{}') AS tables`,
    [owner],
  );
  return Contents.parse(rows[0]);
};

const invalid = (spec: GoldenSpec, problem: string): DatabaseStalledError =>
  new DatabaseStalledError(
    "GoldenTemplateInvalid",
    `The migrations of release ${spec.release} ended well, but ${problem}. Publish a release that mends it.`,
  );

const refuseInvalid = (spec: GoldenSpec, contents: z.infer<typeof Contents>): void => {
  const { owner } = templateRoles(spec.template);
  if (contents.tables.length === 0) throw invalid(spec, "left no table in the schema public");
  if (contents.strangers.length > 0)
    throw invalid(spec, `"${contents.strangers.join('", "')}" do not belong to the role ${owner}`);
  const missing = spec.writableWhenReadOnly.filter((table) => !contents.tables.includes(table));
  if (missing.length > 0)
    throw invalid(spec, `the template's writableWhenReadOnly names "${missing.join('", "')}", which they did not make`);
};

const isPlainTable = `
  SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'version' AND a.atttypid = 'int4'::regtype
   WHERE c.relname = 'schema_version' AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity`;

// As JSON, since an application's table may lack the second column: then nothing older serves on it.
const schemaRow = `
  SELECT version, coalesce((to_jsonb(s) ->> 'oldest_supported')::int, version) AS "oldestSupported" FROM public.schema_version s`;

const SchemaRow = z.object({ version: z.int(), oldestSupported: z.int() });

const readSchemaRow = async (session: Query): Promise<SchemaFacts | null> => {
  const { rows } = await session.query(schemaRow);
  return rows.length === 0 ? null : SchemaRow.parse(rows[0]);
};

/**
 * What the database's own schema_version says; null without one. A plain table without row security is the only thing
 * read here: reading one runs none of its owner's code. The operator's role reads it as a member of `<template>_ro`.
 */
export const readSchema = async (session: Query): Promise<SchemaFacts | null> => {
  const { rows } = await session.query(isPlainTable);
  return rows.length === 0 ? null : readSchemaRow(session);
};

/** Completes the rights in a golden template once it has the schema that its release promises; returns that schema. */
export const grantGolden = async (session: Query, spec: GoldenSpec): Promise<SchemaFacts> => {
  const contents = await readContents(session, templateRoles(spec.template).owner);
  refuseInvalid(spec, contents);
  await grantAll(session, spec, contents.schemas);
  const schema = await readSchema(session);
  if (schema?.version === spec.schemaVersion) return schema;
  throw invalid(
    spec,
    `the table public.schema_version says ${schema?.version ?? "nothing"} where the release promises ${spec.schemaVersion}`,
  );
};

const lookAfterMigration = `
  SELECT EXISTS (${isPlainTable}) AS plain, NOT EXISTS (
    SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE pg_get_userbyid(c.relowner) = $1 AND n.nspname !~ '^pg_' AND (
       c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT (
         has_table_privilege($2, c.oid, 'SELECT') AND has_table_privilege($2, c.oid, 'INSERT')
         AND has_table_privilege($2, c.oid, 'UPDATE') AND has_table_privilege($2, c.oid, 'DELETE')
         AND has_table_privilege($3, c.oid, 'SELECT')
         AND has_table_privilege($3, c.oid, 'INSERT, UPDATE, DELETE') = (n.nspname = 'public' AND c.relname = ANY ($4)))
       OR c.relkind = 'S' AND NOT has_sequence_privilege($2, c.oid, 'USAGE'))) AS complete`;

/**
 * What a migration left in a vault's database; null when the defaults did not give all rights on what it made, as they
 * mostly do.
 */
export const readMigrated = async (session: Query, target: Granted): Promise<{ schema: SchemaFacts | null } | null> => {
  const { owner, rw, ro } = templateRoles(target.template);
  const { rows } = await session.query<{ plain: boolean; complete: boolean }>(lookAfterMigration, [
    owner,
    rw,
    ro,
    target.writableWhenReadOnly,
  ]);
  if (!rows[0]?.complete) return null;
  return { schema: rows[0].plain ? await readSchemaRow(session) : null };
};

/** Gives them in a vault's database. Not for two databases of a template at once: membership of the owner is shared. */
export const completeGrants = async (session: Query, target: Granted): Promise<void> => {
  const { schemas } = await readContents(session, templateRoles(target.template).owner);
  await grantAll(session, target, schemas);
};

/** Whose rights, and which tables a read-only vault may write. */
type Granted = Pick<GoldenSpec, "template" | "writableWhenReadOnly">;

/** All rights on all there is, whatever the migrations granted or revoked themselves. */
const grantAll = async (
  session: Query,
  { template, writableWhenReadOnly }: Granted,
  inSchemas: readonly string[],
): Promise<void> => {
  const { owner, rw, ro } = templateRoles(template);
  const own = inSchemas.filter((schema) => schema !== "public");
  const schemas = identifiers(inSchemas);
  const writable = writableWhenReadOnly.map((table) => `public.${identifier(table)}`);
  const serials = writable.length === 0 ? [] : await sequencesOf(session, writableWhenReadOnly);
  const onOwn = own.length === 0 ? [] : [`GRANT USAGE ON SCHEMA ${identifiers(own)} TO ${identifiers([rw, ro])}`];
  await session.query(
    together(
      asMemberOf(
        [owner],
        [
          ...onOwn,
          `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schemas} TO ${identifier(rw)}`,
          `GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${schemas} TO ${identifier(rw)}`,
          `REVOKE ALL ON ALL TABLES IN SCHEMA ${schemas} FROM PUBLIC, ${identifier(ro)}`,
          `REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${schemas} FROM PUBLIC, ${identifier(ro)}`,
          `GRANT SELECT ON ALL TABLES IN SCHEMA ${schemas} TO ${identifier(ro)}`,
          `GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schemas} TO ${identifier(ro)}`,
          ...writable.map((table) => `GRANT INSERT, UPDATE, DELETE ON ${table} TO ${identifier(ro)}`),
          ...serials.map((sequence) => `GRANT USAGE, UPDATE ON SEQUENCE ${sequence} TO ${identifier(ro)}`),
        ],
      ),
    ),
  );
};

/** Sequences behind serial and identity columns: writing to the table needs them too. */
const sequencesOf = async (session: Query, tables: readonly string[]): Promise<string[]> => {
  const { rows } = await session.query<{ schema: string; name: string }>(
    `SELECT DISTINCT n.nspname AS schema, s.relname AS name
       FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_namespace n ON n.oid = s.relnamespace
       JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
      WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        AND tn.nspname = 'public' AND t.relname = ANY ($1)`,
    [tables],
  );
  return rows.map(({ schema, name }) => `${identifier(schema)}.${identifier(name)}`);
};

/** Whether a vault's login could make large objects, which no grant on tables keeps it from. */
export const readLargeObjectsOpen = async (session: Query, template: string): Promise<boolean> => {
  const { rows } = await session.query<{ open: boolean }>(
    `SELECT bool_or(has_function_privilege($1, p.oid, 'EXECUTE')) AS open
       FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea')`,
    [templateRoles(template).ro],
  );
  return rows[0]?.open ?? false;
};

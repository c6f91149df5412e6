import { z } from "zod";
import { templateRoles } from "./names.ts";
import type { Query } from "./pg-link.ts";
import type { MigrationRun } from "./vault-migrations.ts";

/**
 * A step leaves its receipt with its own transaction, as a setting of the owner's role in that database: the one place
 * that is shared by all databases of a server and that the owner may write. Nobody ever logs in as that role, so the
 * setting has no effect. `pg_shdepend`, shared too, has who owns what in each database and who was given a right on it;
 * it is read through its index, by an array of databases, as it has rows for each table of each vault.
 */
const recordReceipts = `
WITH roles AS (
  SELECT (SELECT oid FROM pg_roles WHERE rolname = $1) AS owner, ARRAY(SELECT oid FROM pg_roles WHERE rolname IN ($2, $3)) AS readers),
receipts AS (
  SELECT d.oid, d.datname::text AS database, said[1]::int AS version, said[2]::int AS oldest_supported
    FROM roles JOIN pg_db_role_setting s ON s.setrole = roles.owner JOIN pg_database d ON d.oid = s.setdatabase
   CROSS JOIN unnest(s.setconfig) setting CROSS JOIN regexp_match(setting, $4) said
   WHERE d.datname = ANY ($5) AND said IS NOT NULL),
granted AS (
  SELECT a.dbid, a.objid, count(DISTINCT a.refobjid) AS readers FROM pg_shdepend a CROSS JOIN roles
   WHERE a.dbid = ANY (ARRAY(SELECT oid FROM receipts)) AND a.classid = 'pg_class'::regclass AND a.deptype = 'a' AND a.objsubid = 0
     AND a.refclassid = 'pg_authid'::regclass AND a.refobjid = ANY (roles.readers) GROUP BY 1, 2),
unreadable AS (
  SELECT DISTINCT o.dbid FROM roles JOIN pg_shdepend o ON o.refobjid = roles.owner AND o.refclassid = 'pg_authid'::regclass
    LEFT JOIN granted g USING (dbid, objid)
   WHERE o.dbid = ANY (ARRAY(SELECT oid FROM receipts)) AND o.classid = 'pg_class'::regclass AND o.deptype = 'o'
     AND coalesce(g.readers, 0) < 2),
proven AS (
  SELECT database, version, oldest_supported FROM receipts WHERE version >= $6 AND oid NOT IN (SELECT dbid FROM unreadable)),
schemas AS (
  INSERT INTO polyphony.schema_version (database, schema_version, oldest_supported)
  SELECT database, version, oldest_supported FROM proven
  ON CONFLICT (database) DO UPDATE SET schema_version = EXCLUDED.schema_version,
    oldest_supported = EXCLUDED.oldest_supported, changed_at = now()),
runs AS (
  INSERT INTO polyphony.migration_run (database, release, outcome, run) SELECT database, $7, 'succeeded', $8 FROM proven
  ON CONFLICT (run, database) DO UPDATE SET outcome = 'succeeded', detail = NULL, finished_at = now()
    WHERE polyphony.migration_run.outcome <> 'succeeded')
SELECT database FROM proven`;

const Rows = z.array(z.object({ database: z.string() }));

/** What a worker writes (docs/vault-contract.md, `migrate`), with the two versions captured; a run's name has no special characters. */
const receiptPattern = (run: string): string =>
  `^application_name=migrated by ${run.replaceAll(/[^a-z0-9-]/g, "")} to ([0-9]{1,9})/([0-9]{1,9})$`;

/** Records the success of those databases that hold the run's receipt and where each reader has a right on all there is. */
export const finishByReceipt = async (
  session: Query,
  { run, release, template, schemaVersion }: MigrationRun,
  databases: readonly string[],
): Promise<Set<string>> => {
  const { owner, rw, ro } = templateRoles(template);
  const values = [owner, rw, ro, receiptPattern(run), databases, schemaVersion, release, run];
  const { rows } = await session.query(recordReceipts, values);
  return new Set(Rows.parse(rows).map(({ database }) => database));
};

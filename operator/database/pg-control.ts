import { identifier, literal } from "./pg-text.ts";
import { ForeignObjectError } from "./errors.ts";
import { controlDatabase } from "./names.ts";
import type { PgLink, Query } from "./pg-link.ts";
import { codeOf } from "./pg-errors.ts";
import type { Finding } from "./tenant-database.ts";

const marker = JSON.stringify({ polyphony: "control" });

/** Any number, the same everywhere: whoever sets up a control database or template roles holds this lock. */
export const setupLock = 7_065_121_041;

const tables = `
CREATE SCHEMA IF NOT EXISTS polyphony;
CREATE TABLE IF NOT EXISTS polyphony.fence (
  instance text PRIMARY KEY, epoch bigint NOT NULL, holder text NOT NULL, raised_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS polyphony.vault (
  vault_id uuid PRIMARY KEY, database text NOT NULL UNIQUE, template text NOT NULL, golden text NOT NULL,
  intended_at timestamptz NOT NULL DEFAULT now(), opened_at timestamptz);
CREATE TABLE IF NOT EXISTS polyphony.golden (
  database text PRIMARY KEY, release text NOT NULL, template text NOT NULL, digest text NOT NULL, schema_version integer NOT NULL,
  state text NOT NULL CHECK (state IN ('drafting', 'migrating', 'ready')), large_objects_open boolean NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS polyphony.migration_run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, database text NOT NULL, release text NOT NULL, outcome text NOT NULL,
  detail text, finished_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS migration_run_database ON polyphony.migration_run (database, finished_at DESC);
CREATE TABLE IF NOT EXISTS polyphony.schema_version (
  database text PRIMARY KEY, schema_version integer NOT NULL, changed_at timestamptz NOT NULL DEFAULT now());
ALTER TABLE polyphony.migration_run ADD COLUMN IF NOT EXISTS run text;
CREATE UNIQUE INDEX IF NOT EXISTS migration_run_once ON polyphony.migration_run (run, database);
ALTER TABLE polyphony.golden ADD COLUMN IF NOT EXISTS oldest_supported integer;
ALTER TABLE polyphony.schema_version ADD COLUMN IF NOT EXISTS oldest_supported integer;
ALTER TABLE polyphony.vault ADD COLUMN IF NOT EXISTS oid oid;
ALTER TABLE polyphony.vault ADD COLUMN IF NOT EXISTS login_oids oid[];
UPDATE polyphony.vault v SET oid = d.oid FROM pg_database d, pg_roles me
 WHERE v.oid IS NULL AND v.opened_at IS NOT NULL AND d.datname = v.database AND me.rolname = current_user AND d.datdba = me.oid;
UPDATE polyphony.vault v SET login_oids = ARRAY(SELECT r.oid FROM pg_roles r WHERE r.rolname IN (v.database || '_a', v.database || '_b'))
 WHERE v.login_oids IS NULL AND v.opened_at IS NOT NULL;
ALTER TABLE polyphony.vault ADD COLUMN IF NOT EXISTS adopted_from text;
ALTER TABLE polyphony.vault ADD COLUMN IF NOT EXISTS adopted_oid oid;
CREATE UNIQUE INDEX IF NOT EXISTS vault_adopted_once ON polyphony.vault (adopted_oid);
CREATE TABLE IF NOT EXISTS polyphony.migrating (
  series text PRIMARY KEY, template text NOT NULL, begun_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS polyphony.size (
  database text PRIMARY KEY, bytes bigint NOT NULL, measured_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS polyphony.usage_mark (
  vault_id uuid NOT NULL, meter text NOT NULL, marked_until timestamptz NOT NULL, PRIMARY KEY (vault_id, meter))`;

interface ControlRow {
  mine: boolean;
  owner: string;
  open: boolean;
  comment: string | null;
}

const observeControl = async (session: Query): Promise<ControlRow | undefined> => {
  const { rows } = await session.query<ControlRow>(
    `SELECT pg_get_userbyid(datdba) = current_user AS mine, pg_get_userbyid(datdba) AS owner, datallowconn AS open,
            shobj_description(oid, 'pg_database') AS comment
       FROM pg_database WHERE datname = $1`,
    [controlDatabase],
  );
  return rows[0];
};

/** Created closed, opened in one transaction with its rights: nobody else can ever connect. */
const makeControlDatabase = async (session: Query, server: string): Promise<void> => {
  const before = await observeControl(session);
  if (before?.comment === marker && before.open) return;
  if (!before) {
    await session
      .query(`CREATE DATABASE ${controlDatabase} TEMPLATE template0 ENCODING 'UTF8' ALLOW_CONNECTIONS false`)
      .catch((error: unknown) => {
        // Another operator of the same server was quicker.
        if (codeOf(error) !== "42P04" && codeOf(error) !== "23505") throw error;
      });
  }
  const found = before ?? (await observeControl(session));
  if (!found?.mine || (found.comment !== marker && (found.comment !== null || found.open)))
    throw new ForeignObjectError("database", controlDatabase, server);
  await session.query(
    `REVOKE ALL ON DATABASE ${controlDatabase} FROM PUBLIC;
     COMMENT ON DATABASE ${controlDatabase} IS ${literal(marker)};
     ALTER DATABASE ${controlDatabase} ALLOW_CONNECTIONS true`,
  );
};

interface OpenRow {
  name: string;
  may: boolean;
  user: string;
}

const observePublicConnect = async (session: Query): Promise<OpenRow[]> => {
  const { rows } = await session.query<OpenRow>(
    `SELECT d.datname AS name, current_user::text AS user, (r.rolsuper OR d.datdba = r.oid) AS may
       FROM pg_database d, pg_roles r
      WHERE r.rolname = current_user AND d.datname IN ('postgres', 'template1')
        AND EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                     WHERE a.grantee = 0 AND a.privilege_type = 'CONNECT') ORDER BY 1`,
  );
  return rows;
};

/** Where the right to do it is ours, PUBLIC loses CONNECT; elsewhere the finding has the statement. */
const closeSharedDatabases = async (session: Query): Promise<Finding[]> => {
  for (const { name, user, may } of await observePublicConnect(session)) {
    if (!may) continue;
    const database = identifier(name);
    await session.query(
      `GRANT CONNECT ON DATABASE ${database} TO ${identifier(user)}; REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`,
    );
  }
  const left = await observePublicConnect(session);
  return left.map(({ name, user }) => ({
    reason: "PublicMayConnect",
    message:
      `Every role may connect to the database "${name}". Run as the server's administrator: ` +
      `GRANT CONNECT ON DATABASE ${name} TO ${identifier(user)}; REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC;`,
  }));
};

/** Sets up the control database and closes the shared ones; may run twice, and by several operators at once. */
export const prepareServer = async (link: PgLink): Promise<Finding[]> => {
  const findings = await link.outside(async (session) => {
    await makeControlDatabase(session, link.name);
    return closeSharedDatabases(session);
  });
  await link.unfenced((session) => session.query(`SELECT pg_advisory_xact_lock(${setupLock}); ${tables}`));
  return findings;
};

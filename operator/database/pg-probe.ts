import { z } from "zod";
import type { PgLink, Query } from "./pg-link.ts";
import type { ServerFacts } from "./tenant-database.ts";

const Facts = z.object({
  versionNumber: z.coerce.number().int(),
  version: z.string(),
  isSuperuser: z.boolean(),
  canCreateRole: z.boolean(),
  canCreateDatabase: z.boolean(),
  maxConnections: z.coerce.number().int(),
  recoveryInitSyncMethod: z.string().nullable(),
  databases: z.coerce.number().int(),
});

/** Server-wide facts that every database can answer. */
export const readServer = async (session: Query): Promise<z.infer<typeof Facts>> => {
  const { rows } = await session.query(
    `SELECT current_setting('server_version_num') AS "versionNumber",
            split_part(current_setting('server_version'), ' ', 1) AS version, rolsuper AS "isSuperuser",
            rolcreaterole OR rolsuper AS "canCreateRole", rolcreatedb OR rolsuper AS "canCreateDatabase",
            current_setting('max_connections') AS "maxConnections",
            current_setting('recovery_init_sync_method', true) AS "recoveryInitSyncMethod",
            (SELECT count(*) FROM pg_database d WHERE d.datdba = pg_roles.oid AND d.datname ~ '^vault_[0-9a-f]{32}$') AS databases
       FROM pg_roles WHERE rolname = current_user`,
  );
  return Facts.parse(rows[0]);
};

const Measured = z.object({ bytes: z.coerce.number().nullable(), largeObjectsOpen: z.boolean().nullable() });

export const probeServer = (link: PgLink): Promise<ServerFacts> =>
  link.read(async (session) => {
    const server = await readServer(session);
    const { rows } = await session.query(
      `SELECT (SELECT sum(bytes) FROM polyphony.size) AS bytes,
              (SELECT bool_or(large_objects_open) FROM polyphony.golden WHERE state = 'ready') AS "largeObjectsOpen"`,
    );
    const { bytes, largeObjectsOpen } = Measured.parse(rows[0]);
    return { ...server, bytes, largeObjectsOpen: largeObjectsOpen ?? false };
  });

/** Asks the file system for the size of every vault's database; forgets those that are gone. */
export const measureServer = (link: PgLink): Promise<{ databases: number; bytes: number }> =>
  link.read(async (session) => {
    const { rows } = await session.query(
      `WITH now_there AS MATERIALIZED (
         SELECT datname::text AS database, pg_database_size(oid) AS bytes FROM pg_database
          WHERE datname ~ '^vault_[0-9a-f]{32}$' AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)),
       written AS (
         INSERT INTO polyphony.size AS s (database, bytes) SELECT database, bytes FROM now_there
         ON CONFLICT (database) DO UPDATE SET bytes = EXCLUDED.bytes, measured_at = now()
           WHERE s.bytes IS DISTINCT FROM EXCLUDED.bytes),
       forgotten AS (
         DELETE FROM polyphony.size WHERE database NOT IN (SELECT database FROM now_there))
       SELECT count(*) AS databases, coalesce(sum(bytes), 0) AS bytes FROM now_there`,
    );
    return z.object({ databases: z.coerce.number(), bytes: z.coerce.number() }).parse(rows[0]);
  });

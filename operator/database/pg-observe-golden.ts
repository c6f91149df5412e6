import { z } from "zod";
import { templateRoles } from "./names.ts";
import type { Query } from "./pg-link.ts";
import type { GoldenFacts } from "./tenant-database.ts";

const observation = `
SELECT coalesce(d.datname, g.database) AS database, d.oid IS NOT NULL AS "exists", d.datallowconn AS "allowConnections",
       pg_get_userbyid(d.datdba) = current_user AS mine, shobj_description(d.oid, 'pg_database') AS marker,
       g.state, g.template, g.schema_version AS "schemaVersion"
  FROM (SELECT oid, datname, datallowconn, datdba FROM pg_database WHERE datname = $1) d
  FULL JOIN (SELECT * FROM polyphony.golden WHERE database = $1) g ON g.database = d.datname`;

const Row = z.object({
  database: z.string(),
  exists: z.boolean(),
  allowConnections: z.boolean().nullable(),
  mine: z.boolean().nullable(),
  marker: z.string().nullable(),
  state: z.enum(["drafting", "migrating", "ready"]).nullable(),
  template: z.string().nullable(),
  schemaVersion: z.int().nullable(),
});

/** Until when this role may log in; null when it may not. */
export const enabledUntil = async (session: Query, role: string): Promise<Date | null> => {
  const { rows } = await session.query<{ until: Date }>(
    // One without an end is as good as over: it is given one.
    `SELECT CASE WHEN rolvaliduntil IS NULL OR NOT isfinite(rolvaliduntil) THEN to_timestamp(0) ELSE rolvaliduntil END AS until
       FROM pg_roles WHERE rolname = $1 AND rolcanlogin`,
    [role],
  );
  return rows[0]?.until ?? null;
};

/** Ours: marked, or half made by us: on record as a draft, unmarked and never opened. */
const isOurs = (row: z.infer<typeof Row>): boolean => {
  if (!row.exists) return true;
  const marked = row.marker?.startsWith('{"polyphony":"golden"') === true;
  const draft = row.state === "drafting" && row.marker === null && row.allowConnections === false;
  return row.mine === true && row.state !== null && (marked || draft);
};

export const observeGolden = async (session: Query, database: string): Promise<GoldenFacts | null> => {
  const { rows } = await session.query(observation, [database]);
  if (rows.length === 0) return null;
  const row = Row.parse(rows[0]);
  const migrator = row.template ? templateRoles(row.template).migrator : null;
  return {
    database,
    exists: row.exists,
    ours: isOurs(row),
    // A record without its database starts again.
    state: row.exists ? (row.state ?? "drafting") : "drafting",
    allowConnections: row.allowConnections ?? false,
    schemaVersion: row.schemaVersion,
    migratorEnabledUntil: migrator ? await enabledUntil(session, migrator) : null,
  };
};

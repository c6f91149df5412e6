import { z } from "zod";
import { vaultDatabaseName, vaultIdOfName, vaultLoginName } from "./names.ts";
import type { Query } from "./pg-link.ts";
import { slots } from "./vault-plan.ts";
import type { DatabaseFacts, LoginFacts, VaultDatabaseFacts } from "./tenant-database.ts";

/**
 * One round trip over the shared catalogs, which every database shows; nothing connects to a vault's own database.
 * $1: names of databases, $2: names of roles, $3: vault ids; all three null means every vault on the server.
 */
const observation = `
WITH me AS (SELECT oid, rolname FROM pg_roles WHERE rolname = current_user),
wanted_roles AS (
  SELECT r.* FROM pg_roles r
   WHERE CASE WHEN $2::text[] IS NULL THEN r.rolname ~ '^vault_[0-9a-f]{32}_[ab]$' ELSE r.rolname = ANY ($2::text[]) END),
sessions AS (
  SELECT usesysid, count(*)::int AS n FROM pg_stat_activity WHERE usesysid IN (SELECT oid FROM wanted_roles) GROUP BY 1),
-- Read once and joined: looked up for each role, it would take seconds on thousands.
bound AS (
  SELECT s.setrole, json_agg(c) AS settings FROM pg_db_role_setting s, unnest(s.setconfig) c
   WHERE s.setrole IN (SELECT oid FROM wanted_roles) GROUP BY 1)
SELECT 'database' AS kind, json_build_object(
    'oid', d.oid::bigint, 'name', d.datname, 'owner', o.rolname, 'mine', d.datdba = me.oid, 'allowConnections', d.datallowconn,
    'marker', shobj_description(d.oid, 'pg_database'),
    'oddAttributes', array_remove(ARRAY[
      CASE WHEN d.datconnlimit <> -1 THEN 'CONNECTION LIMIT' END, CASE WHEN d.datistemplate THEN 'IS_TEMPLATE' END], NULL),
    'grants', (SELECT json_agg(coalesce(g.rolname, '') || ':' || a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END)
                 FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a LEFT JOIN pg_roles g ON g.oid = a.grantee
                WHERE a.grantee <> d.datdba),
    'settings', (SELECT s.setconfig FROM pg_db_role_setting s WHERE s.setdatabase = d.oid AND s.setrole = 0),
    'bytes', (SELECT s.bytes FROM polyphony.size s WHERE s.database = d.datname)) AS facts
  FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba CROSS JOIN me
 WHERE CASE WHEN $1::text[] IS NULL THEN d.datname ~ '^vault_[0-9a-f]{32}$' ELSE d.datname = ANY ($1::text[]) END
UNION ALL
SELECT 'role', json_build_object(
    'oid', r.oid::bigint, 'name', r.rolname, 'marker', shobj_description(r.oid, 'pg_authid'), 'canLogin', r.rolcanlogin,
    'oddAttributes', array_remove(ARRAY[
      CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
      CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
      CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END,
      CASE WHEN isfinite(r.rolvaliduntil) THEN 'VALID UNTIL' END], NULL),
    'memberOf', (SELECT json_agg(g.rolname || CASE WHEN m.admin_option THEN '*' ELSE '' END)
                   FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid
                    -- From version 16 on a membership says by itself whether its rights are inherited.
                    AND coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)),
    'members', (SELECT json_agg(g.rolname) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.member
                 WHERE m.roleid = r.oid AND m.member <> me.oid),
    'connectionLimit', r.rolconnlimit,
    'settings', bound.settings, 'sessions', coalesce(sessions.n, 0))
  FROM wanted_roles r CROSS JOIN me
  LEFT JOIN sessions ON sessions.usesysid = r.oid LEFT JOIN bound ON bound.setrole = r.oid
UNION ALL
SELECT 'intent', json_build_object('vaultId', v.vault_id, 'template', v.template, 'golden', v.golden, 'opened', v.opened_at IS NOT NULL,
    'oid', v.oid::bigint, 'loginOids', v.login_oids::bigint[],
    'schema', (SELECT json_build_object('version', s.schema_version, 'oldestSupported', coalesce(s.oldest_supported, s.schema_version))
                 FROM polyphony.schema_version s WHERE s.database = v.database))
  FROM polyphony.vault v WHERE $3::uuid[] IS NULL OR v.vault_id = ANY ($3::uuid[])`;

const names = z
  .array(z.string())
  .nullable()
  .transform((list) => (list ?? []).sort());

const DatabaseRow = z.object({
  oid: z.int(),
  name: z.string(),
  owner: z.string(),
  mine: z.boolean(),
  allowConnections: z.boolean(),
  oddAttributes: names,
  marker: z.string().nullable(),
  grants: names,
  settings: names,
  bytes: z.number().nullable(),
});
const RoleRow = z.object({
  oid: z.int(),
  name: z.string(),
  marker: z.string().nullable(),
  canLogin: z.boolean(),
  oddAttributes: names,
  memberOf: names,
  members: names,
  connectionLimit: z.int(),
  settings: names,
  sessions: z.int(),
});
const IntentRow = z.object({
  vaultId: z.string(),
  template: z.string(),
  golden: z.string(),
  opened: z.boolean(),
  oid: z.int().nullable(),
  loginOids: z.array(z.int()).nullable(),
  schema: z.object({ version: z.int(), oldestSupported: z.int() }).nullable(),
});
type Intent = z.infer<typeof IntentRow>;

/** The comments that say whose an object is. */
const DatabaseMarker = z.object({
  polyphony: z.literal("vault"),
  vaultId: z.string(),
  template: z.string(),
  golden: z.string(),
});
const LoginMarker = z.object({
  polyphony: z.literal("vault-login"),
  vaultId: z.string(),
  passwordVersion: z.int().nullable(),
});

export const databaseMarker = (marker: Omit<z.infer<typeof DatabaseMarker>, "polyphony">): string =>
  JSON.stringify({ polyphony: "vault", ...marker });

export const loginMarker = (marker: Omit<z.infer<typeof LoginMarker>, "polyphony">): string =>
  JSON.stringify({ polyphony: "vault-login", ...marker });

const readMarker = <T extends { vaultId: string }>(
  schema: z.ZodType<T>,
  text: string | null,
  vaultId: string,
): T | null => {
  if (!text?.startsWith("{")) return null;
  try {
    const marker = schema.parse(JSON.parse(text));
    return marker.vaultId === vaultId ? marker : null;
  } catch {
    // Somebody else's comment, whatever it says.
    return null;
  }
};

const databaseFacts = (
  vaultId: string,
  row: z.infer<typeof DatabaseRow>,
  intent: Intent | undefined,
): DatabaseFacts => {
  const marker = readMarker(DatabaseMarker, row.marker, vaultId);
  const unfinished = row.marker === null && intent !== undefined && !intent.opened && !row.allowConnections;
  const opened = intent?.opened === true && intent.oid === row.oid;
  return {
    name: row.name,
    owner: row.owner,
    ours: (row.mine && (marker !== null || unfinished)) || opened,
    finished: marker !== null || opened,
    golden: marker?.golden ?? intent?.golden ?? null,
    template: marker?.template ?? intent?.template ?? null,
    allowConnections: row.allowConnections,
    oddAttributes: [
      ...row.oddAttributes,
      ...(row.mine ? [] : ["OWNER"]),
      ...(marker === null && !unfinished ? ["COMMENT"] : []),
    ].sort(),
    publicPrivileges: row.grants.filter((grant) => grant.startsWith(":")).map((grant) => grant.slice(1)),
    grants: row.grants.filter((grant) => !grant.startsWith(":")),
    settings: row.settings,
    bytes: row.bytes,
  };
};

const loginFacts = (vaultId: string, row: z.infer<typeof RoleRow>, intent: Intent | undefined): LoginFacts => {
  const { marker: text, oid, oddAttributes, ...facts } = row;
  const marker = readMarker(LoginMarker, text, vaultId);
  return {
    ...facts,
    ours: marker !== null || (intent?.loginOids ?? []).includes(oid),
    oddAttributes: [...oddAttributes, ...(marker === null ? ["COMMENT"] : [])].sort(),
    passwordVersion: marker?.passwordVersion ?? null,
  };
};

interface Found {
  database?: z.infer<typeof DatabaseRow>;
  a?: z.infer<typeof RoleRow>;
  b?: z.infer<typeof RoleRow>;
  intent?: Intent;
}

const collect = (rows: { kind: string; facts: unknown }[]): Map<string, Found> => {
  const found = new Map<string, Found>();
  const at = (vaultId: string | null): Found => {
    const entry = found.get(vaultId ?? "") ?? {};
    found.set(vaultId ?? "", entry);
    return entry;
  };
  for (const { kind, facts } of rows) {
    if (kind === "database") {
      const row = DatabaseRow.parse(facts);
      at(vaultIdOfName(row.name)).database = row;
    }
    if (kind === "role") {
      const row = RoleRow.parse(facts);
      at(vaultIdOfName(row.name))[row.name.endsWith("_a") ? "a" : "b"] = row;
    }
    if (kind === "intent") {
      const row = IntentRow.parse(facts);
      at(row.vaultId).intent = row;
    }
  }
  return found;
};

const factsOf = (vaultId: string, { database, a, b, intent }: Found): VaultDatabaseFacts => ({
  vaultId,
  database: database ? databaseFacts(vaultId, database, intent) : null,
  roles: { a: a ? loginFacts(vaultId, a, intent) : null, b: b ? loginFacts(vaultId, b, intent) : null },
  schema: database ? (intent?.schema ?? null) : null,
  lost: !database && intent?.opened === true,
});

const factsByVault = (rows: { kind: string; facts: unknown }[]): Map<string, VaultDatabaseFacts> =>
  new Map([...collect(rows)].map(([vaultId, found]) => [vaultId, factsOf(vaultId, found)]));

/** What there is of these vaults; nothing of those of which there is nothing, not even an intent. */
export const observeSome = async (
  session: Query,
  vaultIds: readonly string[],
): Promise<Map<string, VaultDatabaseFacts>> => {
  const roles = vaultIds.flatMap((id) => slots.map((slot) => vaultLoginName(id, slot)));
  const { rows } = await session.query<{ kind: string; facts: unknown }>({
    name: "polyphony-observe-vaults",
    text: observation,
    values: [vaultIds.map(vaultDatabaseName), roles, vaultIds],
  });
  return factsByVault(rows);
};

/** The same for one; null when there is nothing of it. */
export const observeVault = async (session: Query, vaultId: string): Promise<VaultDatabaseFacts | null> =>
  (await observeSome(session, [vaultId])).get(vaultId) ?? null;

/** The same for every vault on the server. */
export const observeVaults = async (session: Query): Promise<Map<string, VaultDatabaseFacts>> =>
  factsByVault((await session.query<{ kind: string; facts: unknown }>(observation, [null, null, null])).rows);

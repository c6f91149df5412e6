import { z } from "zod";
import { controlDatabase } from "./names.ts";
import type { Query } from "./pg-link.ts";
import { readSchema } from "./pg-golden-steps.ts";
import { identifiers } from "./pg-text.ts";
import type { CandidateContents, CandidateFacts } from "./vault-adoption.ts";

/** Whether the operator may act for the role `r`: as itself, as a member, or by making itself one. */
const mayAct = (role: string): string =>
  `(${role}.oid = me.oid OR pg_has_role(me.oid, ${role}.oid, 'MEMBER') OR NOT ${role}.rolsuper AND ` +
  `(current_setting('server_version_num')::int < 160000 OR pg_has_role(me.oid, ${role}.oid, 'MEMBER WITH ADMIN OPTION')))`;

/** $1: its name, $2: the vault's id. What an adoption under way has claimed is found by its oid, under any name. */
const candidateQuery = `
WITH me AS (SELECT * FROM pg_roles WHERE rolname = current_user),
claim AS (SELECT * FROM polyphony.vault WHERE vault_id = $2 AND adopted_oid IS NOT NULL)
SELECT d.datname AS name, o.rolname AS owner, pg_encoding_to_char(d.encoding) AS encoding,
       d.datistemplate OR d.datname IN ('postgres', '${controlDatabase}')
         OR coalesce(shobj_description(d.oid, 'pg_database') LIKE '{"polyphony":%', false) AS reserved,
       (SELECT v.vault_id::text FROM polyphony.vault v WHERE v.adopted_oid = d.oid) AS "takenBy",
       ${mayAct("o")} AS "mayOwn",
       d.datallowconn AND has_database_privilege(d.oid, 'CONNECT') AS "mayConnect",
       -- Of sessions of roles that it may not act for, the operator is shown little more than whose they are.
       ARRAY(SELECT DISTINCT a.usename || CASE WHEN a.application_name <> '' THEN ' (' || a.application_name || ')' ELSE '' END
               FROM pg_stat_activity a WHERE a.datid = d.oid AND a.usesysid <> me.oid ORDER BY 1) AS sessions
  FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba CROSS JOIN me
 WHERE CASE WHEN EXISTS (SELECT FROM claim) THEN d.oid = (SELECT adopted_oid FROM claim) ELSE d.datname = $1 END`;

const Candidate = z.object({
  name: z.string(),
  owner: z.string(),
  encoding: z.string(),
  reserved: z.boolean(),
  takenBy: z.string().nullable(),
  mayOwn: z.boolean(),
  mayConnect: z.boolean(),
  sessions: z.array(z.string()),
});

/** What there is of the database that a vault is to take over; of one that another vault took, who did. */
export const observeCandidate = async (
  session: Query,
  name: string,
  vaultId: string,
): Promise<CandidateFacts | null> => {
  const { rows } = await session.query(candidateQuery, [name, vaultId]);
  if (rows.length > 0) return Candidate.parse(rows[0]);
  const { rows: taken } = await session.query<{ by: string }>(
    "SELECT vault_id::text AS by FROM polyphony.vault WHERE adopted_from = $1 AND vault_id <> $2",
    [name, vaultId],
  );
  const facts = { name, owner: "", encoding: "UTF8", reserved: false, mayOwn: true, mayConnect: true, sessions: [] };
  return taken[0] ? { ...facts, takenBy: taken[0].by } : null;
};

/** Everything in the schema public that has an owner of its own: kind, name for ALTER, owner. */
export const ownedThings = `
  SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind,
         c.oid::regclass::text AS name, c.relowner AS owner
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
     -- A sequence that belongs to a column goes with its table.
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND c.relkind = 'S')
  UNION ALL
  SELECT 'ROUTINE', p.oid::regprocedure::text, p.proowner FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'TYPE', t.oid::regtype::text, t.typowner FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'c', 'r') AND (t.typrelid = 0 OR c.relkind = 'c')`;

const contentsQuery = `
WITH me AS (SELECT * FROM pg_roles WHERE rolname = current_user),
things AS (${ownedThings}),
owners AS (
  SELECT r.*, ${mayAct("r")} AS may, NOT pg_has_role(me.oid, r.oid, 'MEMBER') AS stranger FROM pg_roles r CROSS JOIN me
   WHERE r.oid IN (SELECT owner FROM things UNION SELECT nspowner FROM pg_namespace WHERE nspname = 'public')
     -- Whoever owns the database: that will be the operator.
     AND r.rolname <> 'pg_database_owner'),
unwanted AS (
  SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT IN ('public', 'information_schema') AND nspname !~ '^pg_'
  UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE extname <> 'plpgsql'
  UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
  UNION ALL SELECT 'publication ' || pubname FROM pg_publication
  UNION ALL SELECT 'subscription ' || subname FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL SELECT 'foreign data wrapper ' || fdwname FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'large objects' WHERE EXISTS (SELECT FROM pg_largeobject_metadata)
  UNION ALL SELECT 'function ' || p.oid::regprocedure::text || CASE WHEN p.prosecdef THEN ' (SECURITY DEFINER)' ELSE ' in ' || l.lanname END
              FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
             WHERE p.pronamespace = 'public'::regnamespace AND (p.prosecdef OR l.lanname NOT IN ('sql', 'plpgsql')))
SELECT coalesce((SELECT array_agg(rolname::text ORDER BY 1) FROM owners WHERE NOT may), '{}') AS strangers,
       coalesce((SELECT array_agg(rolname::text ORDER BY 1) FROM owners WHERE may AND stranger), '{}') AS become,
       coalesce((SELECT array_agg(u ORDER BY 1) FROM unwanted AS x(u)), '{}') AS unwanted,
       coalesce((SELECT array_agg(relname::text ORDER BY 1) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')), '{}') AS tables`;

const Contents = z.object({
  strangers: z.array(z.string()),
  become: z.array(z.string()),
  unwanted: z.array(z.string()),
  tables: z.array(z.string()),
});

/**
 * What is inside, read with the rights of whoever owns it; the membership for that is never committed. `become` are the
 * roles that the operator makes itself a member of to take their objects over.
 */
export const readCandidate = async (session: Query): Promise<CandidateContents & { become: string[] }> => {
  const { rows } = await session.query(contentsQuery);
  const contents = Contents.parse(rows[0]);
  await session.query("BEGIN");
  if (contents.become.length > 0) await session.query(`GRANT ${identifiers(contents.become)} TO CURRENT_USER`);
  const schema = contents.strangers.length > 0 ? null : await readSchema(session);
  await session.query("ROLLBACK");
  return { ...contents, schema };
};

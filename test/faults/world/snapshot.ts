import { kinds } from "../../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../../kube/kube.ts";
import { vaultDatabaseName } from "../../../operator/database/names.ts";
import { labels, namespaceOf } from "../../../operator/tenant/names.ts";
import { masked, type Subject } from "./subject.ts";
import type { World } from "./world.ts";

/** What there is of a subject, by name of object, with everything taken out that differs from run to run. */
export type Snapshot = Readonly<Record<string, unknown>>;

const childKinds: readonly Kind[] = [
  ...[kinds.namespace, kinds.resourceQuota, kinds.limitRange, kinds.networkPolicy, kinds.serviceAccount],
  ...[kinds.secret, kinds.service, kinds.podDisruptionBudget, kinds.deployment],
];

/** Of the API server's own making, or of the moment. */
const volatile = new Set([
  ...["uid", "resourceVersion", "creationTimestamp", "managedFields", "generation", "observedGeneration", "selfLink"],
  ...["lastTransitionTime", "lastUpdateTime", "deletionTimestamp", "clusterIP", "clusterIPs", "time", "keepUntil"],
  ...["polyphony.dev/config-hash", "deployment.kubernetes.io/revision", "bytes", "startedAt", "finishedAt"],
]);

const times = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

/** Annotations may hold whole objects. */
const stableText = (text: string, subject: Subject): unknown =>
  text.startsWith('{"') ? stable(JSON.parse(text), subject) : masked(subject, text).replaceAll(times, "<time>");

const stable = (value: unknown, subject: Subject, port?: number): unknown => {
  if (typeof value === "string") return stableText(value, subject);
  // Another world has its server at another port.
  if (value === port) return "<port>";
  if (Array.isArray(value)) return value.map((item) => stable(item, subject, port));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => !volatile.has(key));
  return Object.fromEntries(entries.map(([key, inner]) => [masked(subject, key), stable(inner, subject, port)]));
};

/** What a Secret says, with a name in the place of each password and key. */
const namedSecrets = ({ secrets, postgres }: World, subject: Subject, text: string): string => {
  let result = text.replaceAll(String(postgres.port), "<port>");
  for (const vaultId of subject.vaults)
    for (const purpose of ["database-password", "signing-key"] as const)
      for (const version of [1, 2, 3])
        result = result.replaceAll(secrets.derive(vaultId, purpose, version), `<${purpose} ${version}>`);
  return result;
};

const readable = (world: World, subject: Subject, data: Readonly<Record<string, string>> = {}): object =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      namedSecrets(world, subject, Buffer.from(value, "base64").toString("utf8")),
    ]),
  );

/** Status only of what is ours: that of Deployments and namespaces tells of pods, which are looked at otherwise. */
const relevant = (
  kind: Kind,
  object: KubeObject & { status?: unknown; data?: Record<string, string> },
  world: World,
  subject: Subject,
): unknown => {
  const { status, data, ...rest } = object;
  if (kind === kinds.secret) return { ...rest, data: readable(world, subject, data) };
  return kind === kinds.tenant || kind === kinds.retainedVault ? { ...rest, status } : rest;
};

const objectsOf = async (world: World, subject: Subject): Promise<Record<string, unknown>> => {
  const { kube, postgres } = world;
  const found: Record<string, unknown> = {};
  const add = (kind: Kind, object: KubeObject): void => {
    const { name = "", namespace = "" } = object.metadata ?? {};
    if (kind === kinds.serviceAccount && name === "default") return;
    const key = masked(subject, `${kind.kind} ${namespace ? `${namespace}/` : ""}${name}`);
    found[key] = stable(relevant(kind, object, world, subject), subject, postgres.port);
  };
  for (const name of subject.slugs) {
    const tenant = await kube.find(kinds.tenant, { name });
    if (tenant) add(kinds.tenant, tenant);
  }
  for (const vaultId of subject.vaults) {
    const labelSelector = `${labels.vaultId}=${vaultId}`;
    for (const retained of await kube.list(kinds.retainedVault, { labelSelector })) add(kinds.retainedVault, retained);
    const namespace = namespaceOf(vaultId);
    await Promise.all(
      childKinds.map(async (kind) => {
        if (kind === kinds.namespace) {
          const object = await kube.find(kind, { name: namespace });
          if (object) add(kind, object);
          return;
        }
        for (const object of await kube.list(kind, { namespace })) add(kind, object);
      }),
    );
  }
  return found;
};

const rolesSql = `
SELECT r.rolname AS name, r.rolcanlogin, r.rolsuper, r.rolcreatedb, r.rolcreaterole, r.rolinherit, r.rolreplication,
       r.rolbypassrls, r.rolconnlimit, r.rolpassword IS NOT NULL AS password, r.rolvaliduntil,
       shobj_description(r.oid, 'pg_authid') AS marker,
       ARRAY(SELECT g.rolname::text || CASE WHEN m.admin_option THEN '*' ELSE '' END
               FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1) AS "memberOf",
       ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.member WHERE m.roleid = r.oid ORDER BY 1)
         AS members,
       ARRAY(SELECT c FROM pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setrole = r.oid ORDER BY 1) AS settings
  FROM pg_authid r WHERE r.rolname LIKE $1`;

const databaseSql = `
SELECT d.datname AS name, o.rolname AS owner, d.datallowconn, d.datistemplate, d.datconnlimit,
       shobj_description(d.oid, 'pg_database') AS marker,
       ARRAY(SELECT coalesce(g.rolname::text, 'PUBLIC') || ':' || a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END
               FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a LEFT JOIN pg_roles g ON g.oid = a.grantee
              ORDER BY 1) AS grants,
       ARRAY(SELECT c FROM pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setdatabase = d.oid AND s.setrole = 0 ORDER BY 1)
         AS settings
  FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba WHERE d.datname = $1`;

const contentsSql = `
SELECT c.relname AS name, c.relkind AS kind, pg_get_userbyid(c.relowner) AS owner, c.relacl::text[] AS grants,
       ARRAY(SELECT a.attname::text || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S', 'v') ORDER BY 1`;

/** What is in a vault's database; read by the administrator, who may look also where nobody may connect. */
const contentsOf = async ({ admin }: World, database: string, open: boolean): Promise<unknown> => {
  if (!open) return "closed";
  const tables = await admin.runIn(database, contentsSql);
  const rows = await admin.runIn<object>(
    database,
    "SELECT (SELECT array_agg(name ORDER BY name) FROM public.member) AS members, (SELECT version FROM public.schema_version) AS schema",
  );
  return { tables, ...rows[0] };
};

const databasesOf = async (world: World, subject: Subject): Promise<Record<string, unknown>> => {
  const { admin } = world;
  const found: Record<string, unknown> = {};
  for (const vaultId of subject.vaults) {
    const name = vaultDatabaseName(vaultId);
    for (const role of await admin.run<{ name: string }>(rolesSql, [`${name}\\_%`]))
      found[masked(subject, `role ${role.name}`)] = stable(role, subject);
    for (const database of await admin.run<{ datallowconn: boolean }>(databaseSql, [name])) {
      const contents = await contentsOf(world, name, database.datallowconn);
      found[masked(subject, `database ${name}`)] = stable({ ...database, contents }, subject);
    }
    const records = await admin.runIn<object>(
      "polyphony_control",
      `SELECT v.template, v.golden, v.opened_at IS NOT NULL AS opened, s.schema_version
         FROM polyphony.vault v LEFT JOIN polyphony.schema_version s USING (database) WHERE v.vault_id = $1`,
      [vaultId],
    );
    for (const record of records) found[masked(subject, `record of ${name}`)] = stable(record, subject);
  }
  return found;
};

export const takeSnapshot = async (world: World, subject: Subject): Promise<Snapshot> => ({
  ...(await objectsOf(world, subject)),
  ...(await databasesOf(world, subject)),
});

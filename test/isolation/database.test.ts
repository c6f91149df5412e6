import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import pg from "pg";
import { templateRoles, vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import { adminUrl, fromHere, runSql, secretValue } from "../e2e/support/admin-database.ts";
import { openDemo, type Demo } from "../e2e/support/demo-installation.ts";
import {
  createTenants,
  randomSlug,
  tenantManifest,
  vaultIdOf,
  vaultNamespace,
  type Tenants,
} from "../e2e/support/tenants.ts";
import { countAttempts } from "./attempts.ts";

jest.setTimeout(240_000);

const count = countAttempts("D1-demo", "the same on the demo installation, between two vaults that serve");

type Vault = { id: string; url: string; owner: string };

const slugs = { mine: randomSlug("mine"), theirs: randomSlug("theirs") };
let demo: Demo;
let tenants: Tenants;
let admin: string;
let mine: Vault;
let theirs: Vault;

const vaultOf = async (slug: string): Promise<Vault> => {
  const tenant = await tenants.ready(slug);
  const url = fromHere(await secretValue(demo, vaultNamespace(tenant), "vault", "DATABASE_URL"));
  return { id: vaultIdOf(tenant), url, owner: tenant.spec.owner.email };
};

beforeAll(async () => {
  demo = await openDemo({ breaksThings: true });
  tenants = createTenants(demo);
  await tenants.apply(tenantManifest(slugs.mine), tenantManifest(slugs.theirs));
  [mine, theirs] = await Promise.all([vaultOf(slugs.mine), vaultOf(slugs.theirs)]);
  admin = await adminUrl(demo);
});

afterAll(async () => {
  await tenants.removeAll();
  demo.close();
  count.finish();
});

/** The SQLSTATE with which the server refuses, or what it answered. */
const refusal = async (url: string, ...statements: string[]): Promise<string> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    for (const sql of statements) await client.query(sql);
    return "let in";
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.code ?? "";
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const as = (url: string, user: string): string => {
  const other = new URL(url);
  other.username = user;
  return other.href;
};

const denied = "42501";

/** Counts what must be refused, and says how it was. */
const attempt = async (name: string, refusals: RegExp, url: string, ...statements: string[]): Promise<string> => {
  const answer = await refusal(url, ...statements);
  count.tried(name, refusals.test(answer));
  return answer;
};
/** Wrong password, or a role that may not log in. */
const loginRefused = /^28(000|P01)$/;

describe("D1: a vault's login", () => {
  it("enters its own database and reads its own people there, so that each refusal below means something", async () => {
    const sql = "SELECT email FROM members ORDER BY 1";
    expect(await runSql(mine.url, sql)).toEqual([{ email: mine.owner }]);
    expect(await runSql(theirs.url, sql)).toEqual([{ email: theirs.owner }]);
  });

  it("does not enter another vault's database, nor any other on the server", async () => {
    const rows = await runSql<{ name: string; open: boolean }>(
      admin,
      "SELECT datname AS name, datallowconn AS open FROM pg_database WHERE datname <> $1",
      [vaultDatabaseName(mine.id)],
    );
    const names = rows.map(({ name }) => name);
    const expected = [vaultDatabaseName(theirs.id), "postgres", "template1", "polyphony_control"];
    expect(names).toEqual(expect.arrayContaining([...expected, expect.stringMatching(/^golden_/)]));
    for (const { name, open } of rows) {
      // 55000: the database takes connections from nobody at all, which the server says before it looks at rights.
      const answer = await attempt(`connects to ${name}`, /^(42501|55000)$/, fromHere(mine.url, name));
      expect([name, answer]).toEqual([name, open ? denied : "55000"]);
    }
    const login = vaultLoginName(mine.id, "a");
    const may = await runSql<{ name: string }>(
      admin,
      "SELECT datname AS name FROM pg_database WHERE has_database_privilege($1, oid, 'CONNECT') AND datname <> 'template0'",
      [login],
    );
    expect(may).toEqual([{ name: vaultDatabaseName(mine.id) }]);
  });

  it("does not become another role: not the other vault's, not the template's owner, not the operator, not postgres", async () => {
    const { owner, migrator } = templateRoles("choir");
    const others = [vaultLoginName(theirs.id, "a"), vaultLoginName(theirs.id, "b"), vaultLoginName(mine.id, "b")];
    const roles = [...others, owner, migrator, "polyphony_operator", "postgres", "pg_read_all_data", "pg_monitor"];
    for (const role of roles) {
      for (const sql of [
        `SET ROLE "${role}"`,
        `SET SESSION AUTHORIZATION "${role}"`,
        `GRANT "${role}" TO CURRENT_USER`,
      ])
        expect([sql, await attempt(sql, /^42501$/, mine.url, sql)]).toEqual([sql, denied]);
    }
  });

  it("does not log in as another role with its own password, and its idle second login not at all", async () => {
    const others = [vaultLoginName(theirs.id, "a"), vaultLoginName(mine.id, "b"), "polyphony_operator", "postgres"];
    for (const user of others) {
      const here = await attempt(`logs in as ${user}`, loginRefused, as(mine.url, user));
      expect([user, here]).toEqual([user, expect.stringMatching(loginRefused)]);
      const there = fromHere(as(mine.url, user), vaultDatabaseName(theirs.id));
      const answer = await attempt(`logs in as ${user} in the other database`, loginRefused, there);
      expect([user, answer]).toEqual([user, expect.stringMatching(loginRefused)]);
    }
    const without = new URL(theirs.url);
    without.password = "";
    await expect(refusal(without.href)).rejects.toThrow(/password must be a string|SASL/);
  });
});

describe("D1: inside its own database, a vault's login", () => {
  const attempts: [string, string[]][] = [
    ["makes a table", ["CREATE TABLE public.planted (x int)"]],
    ["makes a schema", ["CREATE SCHEMA planted"]],
    ["makes a temporary table", ["CREATE TEMPORARY TABLE planted (x int)"]],
    ["makes a function", ["CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql AS 'SELECT 1'"]],
    ["changes a table", ["ALTER TABLE members ADD COLUMN planted int"]],
    ["takes a table away", ["DROP TABLE members"]],
    ["empties a table", ["TRUNCATE members CASCADE"]],
    [
      "plants a trigger",
      ["CREATE TRIGGER t BEFORE INSERT ON members EXECUTE FUNCTION suppress_redundant_updates_trigger()"],
    ],
    ["adds an extension that reaches other databases", ["CREATE EXTENSION dblink"]],
    ["adds a foreign server", ["CREATE FOREIGN DATA WRAPPER planted"]],
    ["subscribes to another database", ["CREATE SUBSCRIPTION s CONNECTION 'dbname=postgres' PUBLICATION p"]],
    ["runs a program", ["COPY (SELECT 1) TO PROGRAM 'id'"]],
    ["writes a file", ["COPY (SELECT 1) TO '/tmp/planted'"]],
    ["reads a file", ["SELECT pg_read_file('/etc/passwd')"]],
    ["reads a file by COPY", ["COPY members (name) FROM '/etc/passwd'"]],
    ["reads the server's folders", ["SELECT pg_ls_dir('.')"]],
    ["stores a large object", ["SELECT lo_create(0)"]],
    ["reads passwords", ["SELECT * FROM pg_authid"]],
    ["makes a role", ["CREATE ROLE planted LOGIN"]],
    ["makes a database", ["CREATE DATABASE planted"]],
    ["lifts its own limits", ["ALTER ROLE CURRENT_USER CONNECTION LIMIT -1"]],
    ["makes itself a superuser", ["ALTER ROLE CURRENT_USER SUPERUSER"]],
    ["changes the server's settings", ["ALTER SYSTEM SET log_statement = 'all'"]],
    ["changes a setting of superusers", ["SET session_replication_role = replica"]],
  ];

  it.each(attempts)("cannot do what it tries: it %s", async (what, statements) => {
    expect(await attempt(what, /^42501$/, mine.url, ...statements)).toBe(denied);
  });

  it("lets nobody else in: what it grants has no effect", async () => {
    const database = vaultDatabaseName(mine.id);
    const rights = () => runSql(admin, "SELECT datacl::text AS acl FROM pg_database WHERE datname = $1", [database]);
    const before = await rights();
    // PostgreSQL only warns when somebody with a right, but not the right to pass it on, tries to.
    await refusal(mine.url, `GRANT ALL ON DATABASE "${database}" TO PUBLIC`);
    await refusal(mine.url, `GRANT CONNECT ON DATABASE "${database}" TO "${vaultLoginName(theirs.id, "a")}"`);
    expect(await rights()).toEqual(before);
    expect(await refusal(fromHere(theirs.url, database))).toBe(denied);
  });

  it("sees no statement of another vault's sessions, and ends none", async () => {
    const theirSession = new pg.Client({ connectionString: theirs.url });
    await theirSession.connect();
    try {
      const { rows } = await theirSession.query<{ pid: number }>("SELECT pg_backend_pid() AS pid, 'canary-statement'");
      const pid = rows[0]?.pid ?? 0;
      const seen = await runSql<{ query: string }>(mine.url, "SELECT query FROM pg_stat_activity WHERE pid = $1", [
        pid,
      ]);
      expect(seen).toEqual([{ query: "<insufficient privilege>" }]);
      expect(await refusal(mine.url, `SELECT pg_terminate_backend(${pid})`)).toBe(denied);
      expect(await refusal(mine.url, `SELECT pg_cancel_backend(${pid})`)).toBe(denied);
      expect((await theirSession.query("SELECT 1")).rowCount).toBe(1);
    } finally {
      await theirSession.end();
    }
  });

  it("owns nothing: neither database, schema, table, sequence nor function", async () => {
    const login = vaultLoginName(mine.id, "a");
    const owned = await runSql<{ count: string }>(
      await adminUrl(demo, vaultDatabaseName(mine.id)),
      `SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = $1)`,
      [login],
    );
    expect(owned).toEqual([{ count: "0" }]);
    const [role] = await runSql(
      admin,
      "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles WHERE rolname = $1",
      [login],
    );
    expect(Object.values(role ?? {})).toEqual([false, false, false, false, false]);
  });
});

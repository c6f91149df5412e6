import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type pg from "pg";
import { templateRoles, vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import type { DatabaseServer, GoldenSpec, VaultDatabaseSpec } from "../../operator/database/tenant-database.ts";
import { openRealPostgres, run, session, urlAt } from "../contract/real-postgres.ts";
import {
  aGolden,
  aVault,
  type ContractServer,
  migratorPassword,
  passwordOf,
  proofFor,
  soon,
} from "../contract/tenant-database-kit.ts";
import { started } from "../harness/started.ts";
import { countAttempts } from "../isolation/attempts.ts";

const count = countAttempts("D1", "a vault's login against other databases, roles, files and its own limits");

const operator = "polyphony_operator";
const canary = "the-canary-of-b";
let adminUrl: string;
let operatorUrl: string;
let world: ContractServer;
let server: DatabaseServer;
let golden: GoldenSpec;
let a: VaultDatabaseSpec;
let b: VaultDatabaseSpec;

const loginUrl = ({ vaultId }: VaultDatabaseSpec, database = vaultDatabaseName(vaultId)): string =>
  urlAt(operatorUrl, database, vaultLoginName(vaultId, "a"), passwordOf(1));

/** The SQLSTATE of a refusal, or "allowed". */
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "allowed",
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );

/** What the server's administrator does once, by the file that we give out for it. */
const setUpServer = async (): Promise<void> => {
  const file = join(import.meta.dirname, "../../operator/database/server-setup.sql");
  const psql = join(process.env["POLYPHONY_TEST_PG_BIN"] ?? "/usr/bin", "psql");
  const settings = ["-v", "ON_ERROR_STOP=1", "-v", `operator=${operator}`, "-v", "password=not-used-as-it-is-there"];
  await promisify(execFile)(psql, ["-q", "-d", adminUrl, ...settings, "-f", file]);
};

beforeAll(async () => {
  adminUrl = started.adminUrl();
  operatorUrl = started.operatorUrl();
  await setUpServer();
  world = await openRealPostgres({ adminUrl, operatorUrl });
  server = (await world.start({ epoch: 1 })).server;
  golden = aGolden();
  await server.createGoldenDraft(golden, soon());
  await world.migrate(golden, migratorPassword);
  await server.finishGolden(golden);
  [a, b] = [aVault(golden), aVault(golden)];
  await server.converge(a);
  await server.converge(b);
  await run(loginUrl(b), "INSERT INTO member (name) VALUES ($1)", [canary]);
});

afterAll(async () => {
  await world.stop();
  count.finish();
});

/** Tries it, counts it, and says what the server answered. */
const tried = async (attempt: string, work: Promise<unknown>, refusals: RegExp): Promise<string> => {
  const code = await codeOf(work);
  count.tried(attempt, refusals.test(code));
  return code;
};

describe("D1: one vault's login", () => {
  it.each([
    ["the other vault's database", () => vaultDatabaseName(b.vaultId)],
    ["the control database", () => "polyphony_control"],
    ["postgres", () => "postgres"],
    ["template1", () => "template1"],
    ["template0", () => "template0"],
    ["the golden template", () => golden.database],
  ])("cannot connect to %s", async (name, database) => {
    const refusals = /^(42501|55000)$/;
    expect(await tried(`connects to ${name}`, run(loginUrl(a, database()), "SELECT 1"), refusals)).toMatch(refusals);
  });

  it("cannot log in with the idle login, nor as the migrator outside a run", async () => {
    const idle = urlAt(operatorUrl, vaultDatabaseName(a.vaultId), vaultLoginName(a.vaultId, "b"), passwordOf(1));
    expect(await tried("logs in with the idle login", run(idle, "SELECT 1"), /^28/)).toMatch(/^28/);
    const migrator = urlAt(
      operatorUrl,
      vaultDatabaseName(a.vaultId),
      templateRoles("choir").migrator,
      migratorPassword,
    );
    expect(await tried("logs in as the migrator", run(migrator, "SELECT 1"), /^28/)).toMatch(/^28/);
  });

  const bLogin = () => vaultLoginName(b.vaultId, "a");
  const aLogin = () => vaultLoginName(a.vaultId, "a");
  it.each([
    ["becomes the other vault's login", () => `SET ROLE ${bLogin()}`],
    ["becomes the owner of its objects", () => "SET ROLE choir_owner"],
    ["becomes the operator", () => `SET ROLE ${operator}`],
    ["becomes the administrator", () => "SET ROLE postgres"],
    ["changes its session's user", () => `SET SESSION AUTHORIZATION ${bLogin()}`],
    ["makes an extension", () => "CREATE EXTENSION pg_trgm"],
    ["makes an untrusted extension", () => "CREATE EXTENSION dblink"],
    ["makes a table", () => "CREATE TABLE t (x int)"],
    ["makes a temporary table", () => "CREATE TEMPORARY TABLE t (x int)"],
    ["makes a schema", () => "CREATE SCHEMA s"],
    ["makes a function", () => "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
    ["makes a view", () => "CREATE VIEW v AS SELECT 1"],
    ["makes a role", () => "CREATE ROLE r"],
    ["makes a database", () => "CREATE DATABASE d"],
    [
      "makes an event trigger",
      () => "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
    ["makes a subscription", () => "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p"],
    ["makes a foreign data wrapper", () => "CREATE FOREIGN DATA WRAPPER w"],
    ["drops the other vault's database", () => `DROP DATABASE ${vaultDatabaseName(b.vaultId)}`],
    ["copies the other vault's database", () => `CREATE DATABASE d TEMPLATE ${vaultDatabaseName(b.vaultId)}`],
    ["drops a table", () => "DROP TABLE member"],
    ["changes a table", () => "ALTER TABLE member ADD COLUMN x int"],
    ["empties a table", () => "TRUNCATE member"],
    ["runs a program", () => "COPY member TO PROGRAM 'id'"],
    ["writes a file", () => "COPY member TO '/tmp/x'"],
    ["reads a file", () => "COPY member (name) FROM '/etc/passwd'"],
    ["reads a file by function", () => "SELECT pg_read_file('/etc/passwd')"],
    ["lists a folder", () => "SELECT pg_ls_dir('.')"],
    ["imports a file as a large object", () => "SELECT lo_import('/etc/passwd')"],
    ["makes a large object", () => "SELECT lo_create(0)"],
    ["makes a large object of bytes", () => "SELECT lo_from_bytea(0, 'x')"],
    ["reads password hashes", () => "SELECT * FROM pg_authid"],
    ["reads the server's settings file", () => "SELECT * FROM pg_file_settings"],
    ["changes the server's settings", () => "ALTER SYSTEM SET work_mem = '1GB'"],
    ["changes its database's settings", () => `ALTER DATABASE ${vaultDatabaseName(a.vaultId)} SET search_path = x`],
    ["raises itself", () => `ALTER ROLE ${aLogin()} SUPERUSER`],
    ["lifts its own limit of connections", () => `ALTER ROLE ${aLogin()} CONNECTION LIMIT 1000`],
    ["changes the other login's password", () => `ALTER ROLE ${bLogin()} PASSWORD 'x'`],
    ["sets something for the operator's sessions", () => `ALTER ROLE ${operator} SET search_path = public`],
    ["gives itself the owner's rights", () => `GRANT choir_owner TO ${aLogin()}`],
    ["hands the writers' rights on", () => `GRANT choir_rw TO ${bLogin()}`],
    [
      "ends the operator's sessions",
      () => `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${operator}'`,
    ],
  ])("is refused when it %s", async (name, sql) => {
    const refusals = /^(42501|0A000|25001)$/;
    expect(await tried(name, run(loginUrl(a), sql()), refusals)).toMatch(refusals);
  });

  it("hands on nothing of what it may do", async () => {
    const inside = urlAt(adminUrl, vaultDatabaseName(a.vaultId));
    const rights = () =>
      run(
        inside,
        `SELECT (SELECT datacl FROM pg_database WHERE datname = current_database()), (SELECT nspacl FROM pg_namespace WHERE nspname = 'public'),
                (SELECT relacl FROM pg_class WHERE oid = 'public.member'::regclass)`,
      );
    const before = await rights();
    for (const what of [
      "SELECT ON member",
      `CONNECT ON DATABASE ${vaultDatabaseName(a.vaultId)}`,
      "CREATE ON SCHEMA public",
    ])
      await codeOf(run(loginUrl(a), `GRANT ${what} TO ${bLogin()}`));
    expect(await rights()).toEqual(before);
  });

  it("sees nothing of what others run", async () => {
    await session(loginUrl(b), async (other) => {
      await other.query(`SELECT '${canary}'`);
      const rows = await run<{ query: string }>(
        loginUrl(a),
        "SELECT query FROM pg_stat_activity WHERE query LIKE '%canary%'",
      );
      expect(rows.filter(({ query }) => !query.includes("pg_stat_activity"))).toEqual([]);
    });
  });

  it("D1, fault 32: what it can change about its own role is taken back", async () => {
    const login = vaultLoginName(a.vaultId, "a");
    await run(loginUrl(a), `ALTER ROLE ${login} SET search_path = evil`);
    // PostgreSQL 15 lets a role hand out membership in itself; from 16 on it does not.
    await codeOf(run(loginUrl(a), `GRANT ${login} TO ${vaultLoginName(b.vaultId, "a")}`));
    expect(await server.converge(a)).toEqual(["RepairRoles"]);
    expect(await server.converge(a)).toEqual([]);
    await server.converge(b);
    expect(await codeOf(run(loginUrl(b, vaultDatabaseName(a.vaultId)), "SELECT 1"))).toBe("42501");
  });

  it("A4: while read-only, writes neither in new sessions nor in those already open", async () => {
    const write = (client: pg.Client, table: string, column: string) =>
      codeOf(client.query(`INSERT INTO ${table} (${column}) VALUES ('x')`));
    await session(loginUrl(a), async (client) => {
      expect(await write(client, "member", "name")).toBe("allowed");
      await server.converge({ ...a, access: "ReadOnly" });
      expect(await write(client, "member", "name")).toBe("42501");
      expect(await codeOf(client.query("UPDATE member SET name = 'y'"))).toBe("42501");
      expect(await codeOf(client.query("DELETE FROM member"))).toBe("42501");
      expect(await codeOf(client.query("SELECT lo_create(0)"))).toBe("42501");
      expect(await codeOf(client.query("SELECT nextval('member_id_seq')"))).toBe("42501");
      expect(await write(client, "sign_in", "token")).toBe("allowed");
      await server.converge(a);
      expect(await write(client, "member", "name")).toBe("allowed");
    });
  });

  it("fault 33: is thrown out when its database is closed", async () => {
    const c = aVault(golden);
    await server.converge(c);
    await session(loginUrl(c), async (client) => {
      await client.query("SELECT 1");
      await server.close(c.vaultId);
      expect(await codeOf(client.query("SELECT 1"))).not.toBe("allowed");
    });
    expect(await codeOf(run(loginUrl(c), "SELECT 1"))).not.toBe("allowed");
    await server.drop(c.vaultId, proofFor(c.vaultId));
  });

  it("fault 23: does not keep its database from being dropped by staying connected", async () => {
    const c = aVault(golden);
    await server.converge(c);
    await session(loginUrl(c), async (client) => {
      await client.query("BEGIN; LOCK TABLE member");
      await server.drop(c.vaultId, proofFor(c.vaultId));
      expect(await server.observe(c.vaultId)).toBeNull();
    });
  });

  it("leaves the other's canary unchanged after all that", async () => {
    const rows = await run(loginUrl(b), "SELECT name FROM member");
    expect(rows).toEqual([{ name: canary }]);
  });
});

describe("D5: what a release plants", () => {
  const planted = `
    CREATE TABLE planted (ran_as text);
    GRANT INSERT ON planted TO PUBLIC;
    CREATE FUNCTION public.tell() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.planted VALUES (current_user); END $$;
    CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM public.tell(); RETURN 'x'; END $$;
    CREATE FUNCTION public.count() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN PERFORM public.tell(); RETURN 1; END $$;
    CREATE FUNCTION public.has_function_privilege(name, oid, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM public.tell(); RETURN true; END $$;
    CREATE FUNCTION public.same(name, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM public.tell(); RETURN true; END $$;
    CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = text, FUNCTION = public.same);
    CREATE FUNCTION public.indexed(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.tell(); RETURN $1; END $$;
    CREATE INDEX ON member (public.indexed(name));
    INSERT INTO member (name) VALUES ('someone')`;
  const migratorRun = (spec: GoldenSpec, sql: string) =>
    run(urlAt(operatorUrl, spec.database, templateRoles(spec.template).migrator, migratorPassword), sql);

  it("never runs as the operator: not while the template is finished, copied, switched, observed or measured", async () => {
    const spec = aGolden();
    await server.createGoldenDraft(spec, soon());
    await world.migrate(spec, migratorPassword);
    await migratorRun(spec, planted);
    await server.finishGolden(spec);
    const vault = aVault(spec);
    await server.converge(vault);
    await server.converge({ ...vault, access: "ReadOnly" });
    await server.observeAll();
    await server.measure();
    const ranAs = await run<{ ran_as: string }>(
      urlAt(adminUrl, vaultDatabaseName(vault.vaultId)),
      "SELECT DISTINCT ran_as FROM public.planted ORDER BY 1",
    );
    expect(ranAs).toEqual([{ ran_as: "choir_owner" }]);
    await server.drop(vault.vaultId, proofFor(vault.vaultId));
    await server.dropGolden(spec.database);
  });

  it.each([
    [
      "a view in the place of schema_version",
      `ALTER TABLE schema_version RENAME TO hidden; CREATE VIEW schema_version AS SELECT version FROM hidden`,
    ],
    [
      "a policy on schema_version",
      `ALTER TABLE schema_version ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON schema_version USING (pg_sleep(0) IS NOT NULL)`,
    ],
  ])("is refused rather than read: %s", async (_name, sql) => {
    const spec = aGolden();
    await server.createGoldenDraft(spec, soon());
    await world.migrate(spec, migratorPassword);
    await migratorRun(spec, sql);
    await expect(server.finishGolden(spec)).rejects.toMatchObject({ reason: "GoldenTemplateInvalid" });
    await server.dropGolden(spec.database);
  });
});

describe("the operator's own sessions", () => {
  it("fault 16: none of an older epoch is left once a newer one leads", async () => {
    const old = await world.start({ epoch: 10 });
    await Promise.all(Array.from({ length: 4 }, () => old.server.probe()));
    server = (await world.start({ epoch: 11 })).server;
    const left = await run(
      adminUrl,
      "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'polyphony-operator/10/%'",
    );
    expect(left).toEqual([]);
    await expect(old.server.converge(aVault(golden))).rejects.toMatchObject({
      reason: expect.stringMatching(/Fenced|Unreachable/),
    });
  });

  it("says who it is and where it looks names up", async () => {
    await server.probe();
    const rows = await run<{ application_name: string }>(
      adminUrl,
      `SELECT DISTINCT application_name FROM pg_stat_activity WHERE usename = '${operator}'`,
    );
    expect(rows).toContainEqual({ application_name: "polyphony-operator/11/contract" });
  });

  it("fault 20: has a stable word for a server that is away, and for a wrong password", async () => {
    const { createPgServers } = await import("../../operator/database/pg-servers.ts");
    const clock = { now: () => new Date() };
    const servers = createPgServers({ epoch: 1, instance: "x", holder: "x", clock });
    const at = (url: string) => servers.connect("main", { url, sslMode: "disable", capacity: 1 });
    await expect(at("postgres://a:b@127.0.0.1:9/postgres")).rejects.toMatchObject({
      reason: "DatabaseServerUnreachable",
    });
    const wrong = new URL(operatorUrl);
    wrong.password = "a-canary-password";
    const refusal = await at(wrong.href).then(
      () => new Error("it was let in"),
      (error: unknown) => error as Error,
    );
    expect(refusal).toMatchObject({ reason: "DatabaseServerAuthFailed" });
    expect(JSON.stringify([refusal, refusal.message])).not.toContain("a-canary-password");
    await expect(at("not a url")).rejects.toMatchObject({ reason: "DatabaseServerMisconfigured" });
    const weak = new URL(operatorUrl);
    await run(adminUrl, "DROP ROLE IF EXISTS weak_operator");
    await run(adminUrl, "CREATE ROLE weak_operator LOGIN PASSWORD 'weak'");
    await run(adminUrl, "GRANT CONNECT ON DATABASE postgres TO weak_operator");
    Object.assign(weak, { username: "weak_operator", password: "weak" });
    await expect(at(weak.href)).rejects.toMatchObject({ reason: "DatabaseServerRightsMissing" });
    await run(adminUrl, "REVOKE CONNECT ON DATABASE postgres FROM weak_operator");
    await run(adminUrl, "DROP ROLE weak_operator");
  });
});

import { randomBytes } from "node:crypto";
import pg from "pg";
import { templateRoles, vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import { createPgServers } from "../../operator/database/pg-servers.ts";
import type { ContractServer } from "./tenant-database-kit.ts";

export interface PostgresUrls {
  adminUrl: string;
  operatorUrl: string;
}

const at = (base: string, database: string, user?: string, password?: string): string => {
  const url = new URL(base);
  url.pathname = `/${database}`;
  if (user !== undefined) Object.assign(url, { username: user, password });
  return url.href;
};

/** One session, for one piece of work. */
export const session = async <R>(url: string, work: (client: pg.Client) => Promise<R>): Promise<R> => {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

export const run = <Row extends object>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> =>
  session(url, async (client) => (await client.query<Row>(sql, values)).rows);

/** The schema that stands for an application's in these suites. */
export const exampleMigration = (schemaVersion: number): string => `
  CREATE TABLE schema_version (only_row boolean PRIMARY KEY DEFAULT true, version integer NOT NULL);
  INSERT INTO schema_version (version) VALUES (${schemaVersion});
  CREATE TABLE member (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
  CREATE TABLE sign_in (id bigserial PRIMARY KEY, token text NOT NULL)`;

/** What a login of a vault may do, by trying. */
const tryAccess = async (url: string): Promise<"ReadWrite" | "ReadOnly" | null> => {
  try {
    return await session(url, async (client) => {
      await client.query("SELECT count(*) FROM member");
      await client.query("INSERT INTO sign_in (token) VALUES ('x')");
      const wrote = await client.query("INSERT INTO member (name) VALUES ('x')").then(
        () => true,
        () => false,
      );
      return wrote ? "ReadWrite" : "ReadOnly";
    });
  } catch {
    return null;
  }
};

const tampering = (vaultId: string, stranger: string) => {
  const [database, role] = [vaultDatabaseName(vaultId), vaultLoginName(vaultId, "a")];
  return {
    "public may connect": `GRANT CONNECT ON DATABASE ${database} TO PUBLIC`,
    "stranger may connect": `GRANT CONNECT ON DATABASE ${database} TO ${stranger}`,
    "wrong group": `GRANT ${stranger} TO ${role}`,
    "own settings": `ALTER ROLE ${role} SET search_path = evil`,
    "may create databases": `ALTER ROLE ${role} CREATEDB`,
    expires: `ALTER ROLE ${role} VALID UNTIL '2020-01-01'`,
    "somebody owns it": `ALTER DATABASE ${database} OWNER TO ${stranger}`,
    "mark is gone": `COMMENT ON DATABASE ${database} IS NULL`,
    "login's mark is gone": `COMMENT ON ROLE ${role} IS 'somebody else'`,
    "nobody may connect": `ALTER DATABASE ${database} CONNECTION LIMIT 0`,
    "is a template": `ALTER DATABASE ${database} IS_TEMPLATE true`,
  };
};

/** The contract's server over a real PostgreSQL. What the suite makes is gone when it stops. */
export const openRealPostgres = async ({ adminUrl, operatorUrl }: PostgresUrls): Promise<ContractServer> => {
  const stranger = `stranger_${randomBytes(4).toString("hex")}`;
  await run(adminUrl, `CREATE ROLE ${stranger} LOGIN PASSWORD 'stranger'`);
  const started: { close(): Promise<void> }[] = [];
  const operator = decodeURIComponent(new URL(operatorUrl).username);
  return {
    async start({ capacity = 1000, epoch = 1, holder = "operator-0", instance = "contract", onEffect } = {}) {
      const clock = { now: () => new Date() };
      const options = { epoch, holder, instance, clock, ...(onEffect ? { onEffect } : {}) };
      const servers = createPgServers(options);
      started.push(servers);
      return { servers, server: await servers.connect("main", { url: operatorUrl, sslMode: "disable", capacity }) };
    },
    async migrate(spec, password) {
      const { migrator } = templateRoles(spec.template);
      await run(at(operatorUrl, spec.database, migrator, password), exampleMigration(spec.schemaVersion));
    },
    async migrateVault(vaultId, { version, oldestSupported }, password, receipt) {
      const database = vaultDatabaseName(vaultId);
      const left = `; ALTER ROLE CURRENT_USER IN DATABASE ${database}
        SET application_name = 'migrated by ${receipt ?? ""} to ${version}/${oldestSupported}'`;
      await run(
        at(operatorUrl, database, templateRoles("choir").migrator, password),
        `CREATE TABLE note (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
         ALTER TABLE schema_version ADD COLUMN IF NOT EXISTS oldest_supported integer;
         UPDATE schema_version SET version = ${version}, oldest_supported = ${oldestSupported}${receipt === undefined ? "" : left}`,
      );
    },
    async hideNotes(vaultId) {
      await run(at(adminUrl, vaultDatabaseName(vaultId)), "REVOKE ALL ON note FROM choir_rw");
    },
    async mayWriteNotes(vaultId) {
      const { rw, ro } = templateRoles("choir");
      const rows = await run<{ rw: boolean; ro: boolean }>(
        at(adminUrl, vaultDatabaseName(vaultId)),
        "SELECT has_table_privilege($1, 'note', 'INSERT') AS rw, has_table_privilege($2, 'note', 'INSERT') AS ro",
        [rw, ro],
      );
      return rows[0] ?? { rw: false, ro: false };
    },
    access: (vaultId, slot, password) =>
      tryAccess(at(operatorUrl, vaultDatabaseName(vaultId), vaultLoginName(vaultId, slot), password)),
    async strangerMayConnect(database) {
      const rows = await run<{ may: boolean }>(
        adminUrl,
        `SELECT datallowconn AND has_database_privilege($2, oid, 'CONNECT') AS may FROM pg_database WHERE datname = $1`,
        [database, stranger],
      );
      return rows[0]?.may ?? false;
    },
    async tamper(vaultId, how) {
      // By the operator's own role where it can be: what another role granted, only that role takes back (version 16).
      const url = how === "wrong group" ? operatorUrl : adminUrl;
      if (how === "wrong group" || how === "somebody owns it")
        await run(adminUrl, `GRANT ${stranger} TO ${operator} WITH ADMIN OPTION`);
      await run(url, tampering(vaultId, stranger)[how]);
    },
    async dropByHand(vaultId) {
      await run(adminUrl, `DROP DATABASE ${vaultDatabaseName(vaultId)} WITH (FORCE)`);
    },
    async foreignDatabase(name) {
      await run(adminUrl, `CREATE DATABASE ${name}`);
    },
    async foreignRole(name) {
      await run(adminUrl, `CREATE ROLE ${name}`);
    },
    async stop() {
      for (const one of started) await one.close();
      await forget({ adminUrl, operatorUrl }, stranger);
    },
  };
};

/** Databases, then roles: everything the operator's role can have made, and the stranger. */
const forget = async ({ adminUrl }: PostgresUrls, stranger: string): Promise<void> => {
  const databases = await run<{ name: string }>(
    adminUrl,
    "SELECT datname AS name FROM pg_database WHERE datname ~ '^(vault_[0-9a-f]{32}|golden_.*|polyphony_control)$'",
  );
  for (const { name } of databases) await run(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  const roles = await run<{ name: string }>(
    adminUrl,
    `SELECT rolname AS name FROM pg_roles WHERE rolname ~ '^vault_[0-9a-f]{32}_[ab]$' OR rolname = '${stranger}'
        OR shobj_description(oid, 'pg_authid') LIKE '{"polyphony":%'`,
  );
  for (const { name } of roles) await run(adminUrl, `DROP ROLE "${name}"`);
};

export { at as urlAt };

import { randomBytes } from "node:crypto";
import { Client } from "pg";
import type { TemplateDatabase } from "./vault-target.ts";

export interface TemplateDatabases {
  create: () => Promise<TemplateDatabase>;
  dropAll(): Promise<void>;
}

/** One statement, or several, in one connection. */
export async function runSql<Row extends object>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

const withDatabase = (adminUrl: string, name: string, user?: string, password?: string): string => {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  if (user !== undefined) Object.assign(url, { username: user, password });
  return url.href;
};

const rolesSql = (stem: string, password: string) => `
  CREATE ROLE ${stem}_owner NOLOGIN; CREATE ROLE ${stem}_rw NOLOGIN; CREATE ROLE ${stem}_ro NOLOGIN;
  CREATE ROLE ${stem}_migrator LOGIN PASSWORD '${password}' IN ROLE ${stem}_owner;
  ALTER ROLE ${stem}_migrator SET role = ${stem}_owner;
  CREATE ROLE ${stem}_a LOGIN PASSWORD '${password}' IN ROLE ${stem}_rw;
  CREATE ROLE ${stem}_b LOGIN PASSWORD '${password}' IN ROLE ${stem}_ro;`;

const grantsSql = (stem: string) => `
  GRANT CREATE, USAGE ON SCHEMA public TO ${stem}_owner;
  ALTER DEFAULT PRIVILEGES FOR ROLE ${stem}_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${stem}_rw;
  ALTER DEFAULT PRIVILEGES FOR ROLE ${stem}_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${stem}_rw;
  ALTER DEFAULT PRIVILEGES FOR ROLE ${stem}_owner IN SCHEMA public GRANT SELECT ON TABLES TO ${stem}_ro;`;

/** Databases with roles and default privileges as the operator makes them for a template. */
export function templateDatabases(adminUrl: string, writableWhenReadOnly: readonly string[]): TemplateDatabases {
  const made: string[] = [];
  const create = async (): Promise<TemplateDatabase> => {
    const stem = `contract_${randomBytes(5).toString("hex")}`;
    const password = randomBytes(12).toString("hex");
    made.push(stem);
    await runSql(adminUrl, rolesSql(stem, password));
    await runSql(adminUrl, `CREATE DATABASE ${stem}`);
    const roles = `${stem}_migrator, ${stem}_a, ${stem}_b`;
    await runSql(
      adminUrl,
      `REVOKE CONNECT ON DATABASE ${stem} FROM PUBLIC; GRANT CONNECT ON DATABASE ${stem} TO ${roles}`,
    );
    const inside = withDatabase(adminUrl, stem);
    await runSql(inside, grantsSql(stem));
    const url = (role: string) => withDatabase(adminUrl, stem, `${stem}_${role}`, password);
    return {
      name: stem,
      adminUrl: inside,
      migratorUrl: url("migrator"),
      rwUrl: url("a"),
      roUrl: url("b"),
      grantWhenReadOnly: async () => {
        for (const table of writableWhenReadOnly) {
          await runSql(inside, `GRANT INSERT, UPDATE, DELETE ON public.${table} TO ${stem}_ro`);
        }
      },
      takeAway: async () => {
        await runSql(adminUrl, `ALTER DATABASE ${stem} WITH ALLOW_CONNECTIONS false`);
        await runSql(adminUrl, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [stem]);
      },
      bringBack: async () => {
        await runSql(adminUrl, `ALTER DATABASE ${stem} WITH ALLOW_CONNECTIONS true`);
      },
    };
  };
  const dropAll = async () => {
    for (const stem of made.splice(0)) {
      await runSql(adminUrl, `DROP DATABASE IF EXISTS ${stem} WITH (FORCE)`);
      const roles = ["a", "b", "migrator", "ro", "rw", "owner"].map((role) => `${stem}_${role}`);
      await runSql(adminUrl, `DROP ROLE IF EXISTS ${roles.join(", ")}`);
    }
  };
  return { create, dropAll };
}

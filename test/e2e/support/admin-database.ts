import pg from "pg";
import { kinds } from "../../../kube/kinds.ts";
import { demoNames, type Demo } from "./demo-installation.ts";

/** Reads a key of a Secret. */
export const secretValue = async (demo: Demo, namespace: string, name: string, key: string): Promise<string> => {
  const secret = await demo.kube.get(kinds.secret, { namespace, name });
  const value = secret.data?.[key];
  if (value === undefined) throw new Error(`The Secret ${namespace}/${name} has no key ${key}`);
  return Buffer.from(value, "base64").toString("utf8");
};

/** A database URL of the cluster as this machine reaches the server. */
export const fromHere = (url: string, database?: string): string => {
  const local = new URL(url);
  local.hostname = "127.0.0.1";
  local.port = String(demoNames.postgresPort);
  if (database !== undefined) local.pathname = `/${database}`;
  return local.href;
};

/** The URL of the bundled PostgreSQL's administrator. */
export const adminUrl = async (demo: Demo, database = "postgres"): Promise<string> => {
  const password = await secretValue(demo, demoNames.system, demoNames.postgresql, "postgres-password");
  return fromHere(`postgres://postgres:${encodeURIComponent(password)}@postgresql/${database}`);
};

/** One statement on a connection of its own. */
export const runSql = async <Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A server that goes away ends the query too; without a listener it would end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
};

export type ServerCatalog = { databases: string[]; roles: string[] };

/** Every vault's database and login on the server. */
export const vaultCatalog = async (admin: string): Promise<ServerCatalog> => {
  const names = async (sql: string) => (await runSql<{ name: string }>(admin, sql)).map(({ name }) => name);
  return {
    databases: await names("SELECT datname AS name FROM pg_database WHERE datname ~ '^vault_[0-9a-f]{32}$' ORDER BY 1"),
    roles: await names("SELECT rolname AS name FROM pg_roles WHERE rolname ~ '^vault_[0-9a-f]{32}' ORDER BY 1"),
  };
};

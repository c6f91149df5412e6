import pg from "pg";
import { exampleMigration, type PostgresUrls, run, urlAt } from "./real-postgres.ts";

/** A database as somebody may have it, and what is the matter with it. */
export type CandidateKind =
  | "fits"
  | "older schema"
  | "no schema version"
  | "other tables"
  | "other encoding"
  | "of the administrator"
  | "with foreign objects"
  | "with a schema"
  | "with a definer";

/** What the adoption suite needs of a server beside the tenant suite's. */
export interface Candidates {
  /** Makes a database with rows, in which everybody may read. */
  candidate(name: string, how?: CandidateKind): Promise<void>;
  /** One value for every row of every table. */
  digest(database: string): Promise<string>;
  /** A session of the old application. */
  occupy(database: string): Promise<{ stillWorks(): Promise<void>; end(): Promise<void> }>;
}

const application = "old_application";
const password = "old";

const rows = `
  INSERT INTO member (name) SELECT 'member ' || n FROM generate_series(1, 500) n;
  INSERT INTO sign_in (token) SELECT md5(n::text) FROM generate_series(1, 50) n;
  GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC;
  CREATE TYPE voice AS ENUM ('soprano', 'alto');
  CREATE VIEW names AS SELECT name FROM member;
  CREATE FUNCTION shout(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)'`;

const extra: Partial<Record<CandidateKind, string>> = {
  "no schema version": "DROP TABLE schema_version",
  "other tables": "DROP TABLE sign_in",
  "with a schema": "CREATE SCHEMA more; CREATE TABLE more.things (x int)",
  "with a definer": "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
};

const everyRow = `
  SELECT coalesce(string_agg(md5(query_to_xml('SELECT * FROM ' || c.oid::regclass || ' ORDER BY 1', true, false, '')::text), ',' ORDER BY c.relname), '') AS digest
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`;

/** Candidates on a real server. */
export const realCandidates = ({ adminUrl, operatorUrl }: PostgresUrls): Candidates => {
  const operator = decodeURIComponent(new URL(operatorUrl).username);
  const makeApplication = async (): Promise<void> => {
    const there = await run(adminUrl, "SELECT FROM pg_roles WHERE rolname = $1", [application]);
    if (there.length > 0) return;
    await run(adminUrl, `CREATE ROLE ${application} LOGIN PASSWORD '${password}'`);
    const [version] = await run<{ number: number }>(
      adminUrl,
      "SELECT current_setting('server_version_num')::int AS number",
    );
    // Up to version 15, CREATEROLE is enough to act for any ordinary role.
    if ((version?.number ?? 0) >= 160_000) await run(adminUrl, `GRANT ${application} TO ${operator} WITH ADMIN OPTION`);
  };
  return {
    async candidate(name, how = "fits") {
      await makeApplication();
      const owner = how === "of the administrator" ? "" : ` OWNER ${application}`;
      const encoding = how === "other encoding" ? " TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'" : "";
      await run(adminUrl, `CREATE DATABASE ${name}${owner}${encoding}`);
      const inside = owner === "" ? urlAt(adminUrl, name) : urlAt(operatorUrl, name, application, password);
      await run(inside, exampleMigration(how === "older schema" ? 3 : 7));
      await run(inside, rows);
      if (extra[how]) await run(inside, extra[how]);
      if (how === "with foreign objects") await run(urlAt(adminUrl, name), "CREATE TABLE theirs (x int)");
    },
    async digest(database) {
      const [row] = await run<{ digest: string }>(urlAt(adminUrl, database), everyRow);
      return row?.digest ?? "";
    },
    async occupy(database) {
      const client = new pg.Client({ connectionString: urlAt(operatorUrl, database, application, password) });
      client.on("error", () => undefined);
      await client.connect();
      return {
        stillWorks: async () => {
          await client.query("SELECT count(*) FROM member");
        },
        end: () => client.end(),
      };
    },
  };
};

/** Takes away what the suite made that no vault took over. */
export const forgetCandidates = async ({ adminUrl }: PostgresUrls): Promise<void> => {
  const left = await run<{ name: string }>(
    adminUrl,
    "SELECT datname AS name FROM pg_database WHERE datname LIKE 'old\\_%'",
  );
  for (const { name } of left) await run(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  await run(adminUrl, `DROP ROLE IF EXISTS ${application}`);
};

import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** The application that these suites provision: two releases of one schema, each a step further, expand before contract. */
const steps = [
  `CREATE TABLE schema_version (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), version integer NOT NULL,
     oldest_supported integer NOT NULL, migrated_at timestamptz NOT NULL);
   CREATE TABLE member (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
   CREATE TABLE session (token uuid PRIMARY KEY DEFAULT gen_random_uuid(), seen text NOT NULL);
   INSERT INTO schema_version VALUES (true, 1, 1, now())`,
  `ALTER TABLE member ADD COLUMN voice text;
   UPDATE schema_version SET version = 2, oldest_supported = 1, migrated_at = now()`,
];

/** The table that stays writable in a read-only vault. */
export const writableWhenReadOnly = ["session"];

const connected = async <R>(url: string, work: (client: pg.Client) => Promise<R>): Promise<R> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000, query_timeout: 10_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

const versionOf = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('public.schema_version') IS NOT NULL AS there",
  );
  if (!rows[0]?.there) return 0;
  const found = await client.query<{ version: number }>("SELECT version FROM schema_version");
  return found.rows[0]?.version ?? 0;
};

export interface MigrationLine {
  readonly id: string;
  readonly url: string;
}

/** `migrate`: brings each database of the list up to `target`, one step at a time, each in a transaction; may run twice. */
export const migrate = async (list: readonly MigrationLine[], target: number): Promise<string[]> => {
  const said: string[] = [];
  for (const { id, url } of list) {
    const line = await connected(url, async (client) => {
      await client.query("SELECT pg_advisory_lock(1)");
      const from = await versionOf(client);
      for (const step of steps.slice(from, target)) await client.query(`BEGIN; ${step}; COMMIT`);
      return { id, ok: true, from, to: Math.max(from, target), ms: 1 };
    }).catch((error: unknown) => ({ id, ok: false, error: (error as Error).message }));
    said.push(JSON.stringify(line));
  }
  return said;
};

/** One running `serve`. */
export interface Serving {
  stop(): void;
}

export interface ServeOptions {
  readonly url: string;
  /** The schema that this release needs. */
  readonly schema: number;
  readonly onReady: () => void;
  /** A read failed after it was ready. */
  readonly onFailedRead: (error: Error) => void;
}

const readEveryMs = 150;

/** `serve`: ready when its database answers with a schema it knows; then reads again and again, as visitors do. */
export const serve = ({ url, schema, onReady, onFailedRead }: ServeOptions): Serving => {
  const stop = new AbortController();
  const stopped = (): boolean => stop.signal.aborted;
  let ready = false;
  const readOn = (): Promise<void> =>
    connected(url, async (client) => {
      const version = await versionOf(client);
      if (version < schema) throw new Error(`the schema is ${version}, this release needs ${schema}`);
      if (!ready) onReady();
      ready = true;
      while (!stopped()) {
        await client.query("SELECT count(*) FROM member");
        await sleep(readEveryMs, undefined, { signal: stop.signal }).catch(() => undefined);
      }
    });
  void (async () => {
    while (!stopped()) {
      await readOn().catch((error: unknown) => {
        if (ready && !stopped()) onFailedRead(error as Error);
      });
      await sleep(100);
    }
  })();
  return { stop: () => stop.abort() };
};

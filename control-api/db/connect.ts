import knex, { type Knex } from "knex";

const silence = (): void => undefined;

/** Knex would write failed connections to the console by itself; whoever asked gets the error anyway. */
const silent = { warn: silence, error: silence, debug: silence, deprecate: silence };

export interface PoolOptions {
  readonly url: string;
  /** Shows in pg_stat_activity. */
  readonly name: string;
  /** Most connections at once. */
  readonly max: number;
}

/** A pool on the registry database. Nothing connects before the first query; a query ends after 15 s at the latest. */
export const connect = ({ url, name, max }: PoolOptions): Knex =>
  knex({
    client: "pg",
    version: "15.0",
    log: silent,
    searchPath: ["registry", "pg_catalog", "pg_temp"],
    connection: {
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: 5_000,
      query_timeout: 15_000,
      keepAlive: true,
    } as Knex.PgConnectionConfig,
    pool: { min: 0, max, acquireTimeoutMillis: 6_000, idleTimeoutMillis: 30_000 },
  });

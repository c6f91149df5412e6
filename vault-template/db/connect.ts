import knex, { type Knex } from "knex";

export type Database = Knex;

/** Most connections one vault holds; most hold none or one. Thousands of vaults share a server. */
const mostConnections = 4;

const silence = () => undefined;

/** Knex would write failed connections to the console by itself; whoever asked gets the error anyway. */
const silentKnex = { warn: silence, error: silence, debug: silence, deprecate: silence };

/**
 * The vault's pool. Nothing connects before the first query. Safe behind PgBouncer in transaction mode: no named
 * prepared statements, no session settings, and no start-up parameter that it refuses.
 */
export function connectDatabase(databaseUrl: string, vaultId: string): Database {
  return knex({
    client: "pg",
    // Told, or knex asks the server for it on each new connection.
    version: "15.0",
    log: silentKnex,
    connection: {
      connectionString: databaseUrl,
      application_name: `vault ${vaultId}`,
      connectionTimeoutMillis: 5000,
      // On the client's side: as a start-up parameter (statement_timeout) PgBouncer would refuse it.
      query_timeout: 15_000,
      keepAlive: true,
    } as Knex.PgConnectionConfig,
    pool: {
      min: 0,
      max: mostConnections,
      acquireTimeoutMillis: 6000,
      idleTimeoutMillis: 30_000,
      reapIntervalMillis: 10_000,
    },
  });
}

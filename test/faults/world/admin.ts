import pg from "pg";

/** The database server's administrator, for the test itself: looks past every proxy and every right. */
export interface Admin {
  run<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** In another database, over a session of its own. */
  runIn<Row extends object>(database: string, sql: string, values?: unknown[]): Promise<Row[]>;
  /** As somebody else; rejects when they may not connect. */
  runAs<Row extends object>(user: string, password: string, database: string, sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

export const connectAdmin = (adminUrl: string): Admin => {
  const pool = new pg.Pool({ connectionString: adminUrl, max: 4, allowExitOnIdle: true });
  pool.on("error", () => undefined);
  const once = async <Row extends object>(url: URL, sql: string, values: unknown[]): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const at = (database: string): URL => Object.assign(new URL(adminUrl), { pathname: `/${database}` });
  return {
    run: async <Row extends object>(sql: string, values: unknown[] = []) => (await pool.query<Row>(sql, values)).rows,
    runIn: (database, sql, values = []) => once(at(database), sql, values),
    runAs: (username, password, database, sql) => once(Object.assign(at(database), { username, password }), sql, []),
    close: () => pool.end(),
  };
};

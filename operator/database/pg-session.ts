import type pg from "pg";
import { DatabaseError } from "./errors.ts";
import type { ServerConnection } from "./tenant-database.ts";

/** Who we are on a server: shown as application_name, and compared by the fence. */
export interface SessionOwner {
  /** Raised with every new leader. */
  epoch: number;
  /** Which operator installation (polyphony.dev/instance), so that several can share a server. */
  instance: string;
}

const prefix = "polyphony-operator";

/** PostgreSQL keeps 63 bytes of it; the epoch comes first, so that it is never cut off. */
export const applicationName = ({ epoch, instance }: SessionOwner): string =>
  `${prefix}/${epoch}/${instance}`.slice(0, 63);

/** Matches the application names of one instance, the epoch captured; for PostgreSQL's regular expressions. */
export const applicationPattern = (instance: string): string =>
  `^${prefix}/([0-9]{1,15})/${instance.slice(0, 63 - prefix.length - 2).replaceAll(/[^A-Za-z0-9]/g, "[$&]")}`;

const sslOf = (mode: ServerConnection["sslMode"]): pg.ClientConfig["ssl"] =>
  mode === "disable" ? false : { rejectUnauthorized: mode === "verify-full" };

const invalidUrl = (server: string, cause?: unknown): DatabaseError =>
  new DatabaseError(
    "DatabaseServerMisconfigured",
    `The connection Secret of database server "${server}" has no usable URL; write postgres://role:password@host:5432/postgres.`,
    { cause },
  );

/** The parts of a connection URL; an error never repeats the URL, as it holds a password. */
export const parseServerUrl = (server: string, text: string): URL => {
  if (!URL.canParse(text.trim())) throw invalidUrl(server);
  const url = new URL(text.trim());
  if (!/^postgres(ql)?:$/.test(url.protocol) || !url.hostname || !url.username) throw invalidUrl(server);
  return url;
};

/**
 * Every session of the operator: search_path pinned by a start-up option, which outranks whatever is bound to role or
 * database, so that nothing planted there is found before PostgreSQL's own (isolation suite, D5).
 */
export const sessionConfig = (
  server: string,
  connection: ServerConnection,
  owner: SessionOwner,
  database?: string,
): pg.ClientConfig => {
  const url = parseServerUrl(server, connection.url);
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ""),
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: database ?? decodeURIComponent(url.pathname.slice(1) || "postgres"),
    ssl: sslOf(connection.sslMode),
    application_name: applicationName(owner),
    options: "-c search_path=pg_catalog -c lock_timeout=15s -c statement_timeout=300s -c client_min_messages=warning",
    connectionTimeoutMillis: 8_000,
    query_timeout: 310_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
};

/** A vault's own login on its own database. */
export interface VaultLogin {
  database: string;
  user: string;
  password: string;
}

/**
 * A session as a vault would have it, to the same server, that only reads and whose statements are short. It does not
 * carry the operator's name: the fence ends sessions by that, and those of vaults are not the operator's to end.
 */
export const readerConfig = (operator: pg.ClientConfig, login: VaultLogin): pg.ClientConfig => ({
  ...operator,
  ...login,
  application_name: "polyphony-usage",
  options: "-c search_path=pg_catalog -c default_transaction_read_only=on -c statement_timeout=5s",
});

import { parseServerUrl } from "./pg-session.ts";
import type { ServerConnection } from "./tenant-database.ts";

/** The URL of one login on this server, as pods reach it: through the pooler or the address when there is one. */
export const vaultUrl = (
  server: string,
  connection: ServerConnection,
  login: { database: string; user: string; password: string },
): string => {
  const url = parseServerUrl(server, connection.url);
  const host = connection.address?.host ?? url.hostname;
  const port = connection.address?.port ?? Number(url.port || 5432);
  const [user, password, database] = [login.user, login.password, login.database].map(encodeURIComponent);
  const query = connection.sslMode === "disable" ? "" : `?sslmode=${connection.sslMode}`;
  const bracketed = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return `postgres://${user}:${password}@${bracketed}:${port}/${database}${query}`;
};

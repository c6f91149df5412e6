import { createHash } from "node:crypto";
import http from "node:http";
import https from "node:https";
import type { ClusterAccess, Credentials } from "./cluster-access.ts";

/** What one request needs: an agent for its sort and the headers that prove who asks. */
export interface Connection {
  readonly requests: http.Agent;
  readonly streams: http.Agent;
  readonly headers: Readonly<Record<string, string>>;
}

const CREDENTIALS_FOR_MS = 30_000;
/** Shorter than the API server's idle timeout of 90 s, so that a request rarely meets a connection just closed. */
const IDLE_SOCKET_MS = 45_000;

const fingerprint = (credentials: Credentials): string =>
  createHash("sha256").update(JSON.stringify(credentials)).digest("hex");

export interface Connections {
  current(): Promise<Connection>;
  /** Read token and certificates again before the next request. */
  refresh(): void;
  close(): void;
}

/** Agents and headers for the newest credentials; made anew only when these have changed (token or CA rotated). */
export const createConnections = (access: ClusterAccess, maxSockets: number): Connections => {
  const secure = access.server.protocol === "https:";
  let known: { connection: Connection; print: string; readAt: number } | undefined;
  let reading: Promise<Connection> | undefined;

  const open = (credentials: Credentials): Connection => {
    const tls = secure
      ? {
          ca: credentials.ca,
          cert: credentials.cert,
          key: credentials.key,
          rejectUnauthorized: !access.insecure,
          ...(access.serverName ? { servername: access.serverName } : {}),
        }
      : {};
    const kept = { ...tls, keepAlive: true, maxSockets, timeout: IDLE_SOCKET_MS };
    const own = { ...tls, keepAlive: false };
    return {
      requests: secure ? new https.Agent(kept) : new http.Agent(kept),
      streams: secure ? new https.Agent(own) : new http.Agent(own),
      headers: credentials.authorization ? { Authorization: credentials.authorization } : {},
    };
  };

  const read = async (): Promise<Connection> => {
    const credentials = await access.credentials();
    const print = fingerprint(credentials);
    if (known?.print === print) {
      known = { ...known, readAt: performance.now() };
      return known.connection;
    }
    // Requests under way keep the old agent until they end; its idle connections time out by themselves.
    known = { connection: open(credentials), print, readAt: performance.now() };
    return known.connection;
  };

  return {
    current: () => {
      if (known && performance.now() - known.readAt < CREDENTIALS_FOR_MS) return Promise.resolve(known.connection);
      reading ??= read().finally(() => (reading = undefined));
      return reading;
    },
    refresh: () => {
      if (known) known = { ...known, readAt: Number.NEGATIVE_INFINITY };
    },
    close: () => {
      known?.connection.requests.destroy();
      known?.connection.streams.destroy();
    },
  };
};

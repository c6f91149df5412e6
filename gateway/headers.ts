import type { Client } from "./client-address.ts";

/** Names and values in turn, as Node's rawHeaders. */
export type RawHeaders = readonly string[];

/** RFC 9110, 7.6.1: for one connection only, never passed on. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);

/** What only the gateway may say to a vault; a client's own word for it is dropped, with underscores too. */
const saidByGateway = new Set(["host", "forwarded", "x-real-ip", "x-request-id", "x-client-ip", "true-client-ip"]);

const isSaidByGateway = (name: string): boolean => {
  const dashed = name.includes("_") ? name.replaceAll("_", "-") : name;
  return saidByGateway.has(dashed) || dashed.startsWith("x-forwarded-");
};

/** Headers that Connection names are hop-by-hop too, save those that must arrive. */
const namedByConnection = (connection: string | undefined): ReadonlySet<string> | undefined => {
  if (connection === undefined) return undefined;
  const names = connection
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "keep-alive" && name !== "close" && name !== "upgrade");
  return names.length > 0 ? new Set(names) : undefined;
};

/** What a request to a vault carries beside the client's own headers. */
export interface Forwarding {
  /** The Host header as the client sent it, already checked. */
  readonly host: string;
  readonly client: Client;
  readonly requestId: string;
}

/**
 * The headers for the vault: the client's own without hop-by-hop ones and without anything that pretends to come from
 * a proxy; then Host, X-Forwarded-For (one address: the client), X-Forwarded-Host, X-Forwarded-Proto and X-Request-Id.
 */
export const headersForVault = (raw: RawHeaders, connection: string | undefined, forwarding: Forwarding): string[] => {
  const named = namedByConnection(connection);
  const headers: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const lower = name.toLowerCase();
    // Expect is answered here, once the vault wants the body.
    if (hopByHop.has(lower) || lower === "expect" || named?.has(lower) || isSaidByGateway(lower)) continue;
    headers.push(name, raw[i + 1] ?? "");
  }
  headers.push("Host", forwarding.host, "X-Forwarded-For", forwarding.client.address);
  headers.push("X-Forwarded-Host", forwarding.host, "X-Forwarded-Proto", forwarding.client.scheme);
  headers.push("X-Request-Id", forwarding.requestId);
  return headers;
};

const text = (value: string | Buffer): string => (typeof value === "string" ? value : value.toString("latin1"));

/** The headers for the client: the vault's own without hop-by-hop ones, and X-Request-Id where the vault left it out. */
export const headersForClient = (raw: readonly (string | Buffer)[], requestId: string): string[] => {
  const pairs: [lower: string, name: string, value: string][] = [];
  let connection: string | undefined;
  let hasRequestId = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = text(raw[i] ?? "");
    const lower = name.toLowerCase();
    const value = text(raw[i + 1] ?? "");
    if (lower === "connection") connection = connection === undefined ? value : `${connection},${value}`;
    if (lower === "x-request-id") hasRequestId = true;
    if (!hopByHop.has(lower)) pairs.push([lower, name, value]);
  }
  const named = namedByConnection(connection);
  const headers: string[] = [];
  for (const [lower, name, value] of pairs) {
    if (!named?.has(lower)) headers.push(name, value);
  }
  if (!hasRequestId) headers.push("X-Request-Id", requestId);
  return headers;
};

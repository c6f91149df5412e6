import { hostName } from "./host-name.ts";

/** Why a request is refused before anything is looked up. */
export type Refusal = "bad-request" | "too-long" | "method-not-allowed";

/** A request that can be routed: its host, the Host header to pass on, its path with query. */
export interface Target {
  readonly host: string;
  readonly hostHeader: string;
  readonly path: string;
}

/** What is read of a request to find its target. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
}

/** Longest path with query, in characters; beyond it: 414. */
const longestPath = 8192;
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i;
// What llhttp lets through but no server agrees on how to read.
const forbiddenInPath = /[^\x21-\xff]/;

const onlyHost = (raw: readonly string[]): string | undefined => {
  let found: string | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i];
    if (name?.length !== 4 || name.toLowerCase() !== "host") continue;
    if (found !== undefined) return undefined;
    found = raw[i + 1];
  }
  return found;
};

/**
 * The one reading of host and path that everything after it uses. Two Host headers, or an absolute-form target (RFC
 * 9112, 3.2.2) that names another host than Host does, are refused: whoever reads them differently could be tricked.
 */
export const targetOf = ({ method, url, rawHeaders }: Asked): Target | Refusal => {
  if (method === "CONNECT" || method === "TRACE") return "method-not-allowed";
  if (url.length > longestPath) return "too-long";
  const hostHeader = onlyHost(rawHeaders);
  const host = hostHeader === undefined ? undefined : hostName(hostHeader);
  if (host === undefined || hostHeader === undefined || forbiddenInPath.test(url)) return "bad-request";
  if (url.startsWith("/")) return { host, hostHeader, path: url };
  const absolute = absoluteForm.exec(url);
  if (!absolute || absolute[1]?.toLowerCase() !== hostHeader.toLowerCase()) return "bad-request";
  const rest = absolute[2] ?? "";
  return { host, hostHeader, path: rest.startsWith("/") ? rest : `/${rest}` };
};

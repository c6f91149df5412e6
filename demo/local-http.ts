import { lookup } from "node:dns";
import { request } from "node:http";
import type { LookupFunction } from "node:net";

/** Names under .localhost are this machine (RFC 6761); Debian's resolver and Node do not know that. */
const lookupLocalhost: LookupFunction = (hostname, options, callback) => {
  if (!hostname.endsWith(".localhost")) {
    lookup(hostname, options, callback);
    return;
  }
  const { all } = options as { all?: boolean };
  if (all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

export type Ask = { method?: string; headers?: Record<string, string>; body?: string; timeoutMs?: number };

/** One HTTP request as a browser on this machine would make it: `*.localhost` is found. Redirects are not followed. */
export const localHttp = (
  url: string,
  { method = "GET", headers = {}, body, timeoutMs = 10_000 }: Ask = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const call = request(url, { method, headers, lookup: lookupLocalhost, timeout: timeoutMs }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on("data", (chunk: Buffer) => chunks.push(chunk));
      reply.on("error", reject);
      reply.on("end", () => {
        resolve({
          status: reply.statusCode ?? 0,
          headers: reply.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    call.on("timeout", () => call.destroy(new Error(`${url} did not answer within ${timeoutMs} ms`)));
    call.on("error", reject);
    call.end(body);
  });

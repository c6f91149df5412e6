import { lookup } from "node:dns";
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { Visit } from "../session.ts";

/** Names under .localhost are this machine (RFC 6761); Debian's resolver and Node do not know that. */
const lookupName: LookupFunction = (hostname, options, callback) => {
  if (!hostname.endsWith(".localhost")) {
    lookup(hostname, options, callback);
    return;
  }
  if ((options as { all?: boolean }).all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

/** Asks for the first page of an address as a browser on this machine would; redirects are not followed. */
export const visit = (url: string, timeoutMs = 5_000): Promise<Visit> =>
  new Promise((resolve) => {
    const give = url.startsWith("https:") ? https.get : http.get;
    const call = give(url, { lookup: lookupName, timeout: timeoutMs }, (reply) => {
      reply.resume();
      resolve({ status: reply.statusCode ?? 0 });
    });
    call.on("timeout", () => call.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    call.on("error", (error) => resolve({ trouble: error.message }));
  });

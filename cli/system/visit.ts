import http from "node:http";
import https from "node:https";
import type { Visit } from "../session.ts";
import { lookupName } from "./lookup-name.ts";

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

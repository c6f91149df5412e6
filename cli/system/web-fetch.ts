import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import type { Fetch } from "../session.ts";
import { lookupName } from "./lookup-name.ts";

/** Answers that have no body, and whose Response must not be given one. */
const bodiless = [204, 205, 304];

const headersOf = ({ rawHeaders }: http.IncomingMessage): [string, string][] =>
  rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""]] : [],
  );

/** As the global fetch, but it finds *.localhost, and it follows no redirect. */
export const webFetch: Fetch = (url, { method = "GET", headers = {}, body, signal } = {}) =>
  new Promise((resolve, reject) => {
    const request = url.startsWith("https:") ? https.request : http.request;
    const call = request(url, { method, headers, lookup: lookupName, ...(signal ? { signal } : {}) }, (reply) => {
      const status = reply.statusCode ?? 0;
      const isEmpty = bodiless.includes(status);
      if (isEmpty) reply.resume();
      const content = isEmpty ? null : (Readable.toWeb(reply) as ReadableStream<Uint8Array>);
      resolve(new Response(content, { status, headers: headersOf(reply) }));
    });
    call.on("error", reject);
    call.end(body);
  });

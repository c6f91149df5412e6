import type { IncomingMessage, ServerResponse } from "node:http";
import { htmlPage, startPage } from "./html-page.ts";
import type { Notice } from "./notice.ts";
import { problem } from "./problem.ts";
import { contentSecurityPolicy } from "./style.ts";
import { wantsHtml } from "./wants-html.ts";

/** Headers of everything the gateway says itself; shared caches must not keep it, as it changes any moment. */
const common = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": contentSecurityPolicy,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  Vary: "Accept",
};

/** Answers, and takes care that what is left of the request's body is read and thrown away. */
const send = (req: IncomingMessage, res: ServerResponse, status: number, type: string, body: string): void => {
  res.writeHead(status, { ...common, "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  res.end(req.method === "HEAD" ? undefined : body);
};

/** Sends a notice as the client likes it: a page, or a problem. Nothing must have been sent before. */
export const sendNotice = (
  req: IncomingMessage,
  res: ServerResponse,
  notice: Notice,
  context: { readonly requestId: string; readonly home: string },
): void => {
  res.setHeader("X-Request-Id", context.requestId);
  if (notice.retryAfter !== undefined) res.setHeader("Retry-After", notice.retryAfter);
  if (notice.status === 405) res.setHeader("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  if (!wantsHtml(req.headers.accept)) {
    send(req, res, notice.status, "application/problem+json; charset=utf-8", problem(notice, context.requestId));
    return;
  }
  // A header rather than a meta element, so that only this page and no saved copy of it reloads itself.
  if (notice.refresh && notice.retryAfter !== undefined) res.setHeader("Refresh", String(notice.retryAfter));
  const page = htmlPage(notice, context.requestId, context.home);
  send(req, res, notice.status, "text/html; charset=utf-8", page);
};

/** Sends the page of the base domain. */
export const sendStartPage = (req: IncomingMessage, res: ServerResponse, example: string, requestId: string): void => {
  res.setHeader("X-Request-Id", requestId);
  send(req, res, 200, "text/html; charset=utf-8", startPage(example));
};

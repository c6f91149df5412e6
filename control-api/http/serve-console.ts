import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import express, { type RequestHandler, Router } from "express";

/** What never is a page of the console, so that whoever asks for it in vain is told so. */
const notPages = /^\/(api|oidc|assets|\.well-known)(\/|$)|^\/openapi\.json$/;

/** Stands in index.html, within <noscript>. */
const plainPageMark = '<meta name="plain-page" />';

const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** Where somebody goes on without JavaScript. */
const plainPage = (path: string): string => {
  const slug = /^\/(?:onboarding|dashboard\/org)\/([a-z0-9-]{2,40})(?:\/|$)/.exec(path)?.[1];
  return slug === undefined ? "" : `<meta http-equiv="refresh" content="0;url=/status/${slug}" />`;
};

/** Sends the file that the build has compressed already to whoever takes it. */
const compressed = (folder: string): RequestHandler => {
  const names = new Set(existsSync(folder) ? readdirSync(folder) : []);
  return (request, response, next) => {
    const name = `${request.path.slice(1)}.br`;
    response.vary("Accept-Encoding");
    if (names.has(name) && request.acceptsEncodings("br") === "br") {
      response.type(extname(request.path)).set("Content-Encoding", "br");
      request.url = `/${name}`;
    }
    next();
  };
};

const readIndex = (folder: string): string => {
  const file = join(folder, "index.html");
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} cannot be read. Build the console, or leave CONSOLE_FOLDER out.`, { cause });
  }
};

/**
 * The built console in `folder`: its files, and its one page at every address that is nothing else. Files under /assets
 * are named after their content and may be kept for good. Throws when the console was not built.
 */
export const serveConsole = (folder: string): Router => {
  const index = readIndex(folder);
  const router = Router();
  const file = { index: false, redirect: false, fallthrough: true } as const;
  router.use(
    "/assets",
    compressed(join(folder, "assets")),
    express.static(join(folder, "assets"), { ...file, immutable: true, maxAge: "1y" }),
  );
  router.get("/mark.svg", express.static(folder, { ...file, maxAge: "1d" }));
  router.get(/.*/, (request, response, next) => {
    if (notPages.test(request.path) || !request.accepts("html")) {
      next();
      return;
    }
    const nonce = randomBytes(18).toString("base64url");
    response
      .set({ "Content-Security-Policy": policy(nonce), "Cache-Control": "no-store", Vary: "Accept" })
      .type("html")
      .send(index.replace("__STYLE_NONCE__", nonce).replace(plainPageMark, plainPage(request.path)));
  });
  return router;
};

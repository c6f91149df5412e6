import { randomUUID } from "node:crypto";
import express, { type Express, type RequestHandler } from "express";
import helmet from "helmet";
import type { Logger } from "pino";
import { notFound } from "./errors.ts";
import { hostCookies } from "./http/cookies.ts";
import { createIdempotency } from "./http/idempotency.ts";
import { mount } from "./http/mount.ts";
import { openApiDocument } from "./http/openapi.ts";
import { errorHandler } from "./http/problem.ts";
import { serveConsole } from "./http/serve-console.ts";
import type { Identity } from "./oidc/create-identity.ts";
import { devicePages } from "./oidc/device-pages.ts";
import { identityRouter } from "./oidc/identity-router.ts";
import type { RateLimits } from "./http/rate-limits.ts";
import { verifyJson } from "./http/verify-json.ts";
import type { Clock } from "./clock.ts";
import type { RegistryDatabase } from "./db/registry-database.ts";
import { mailPreview } from "./mails/mail-preview.ts";
import { pagesRouter } from "./pages/pages-router.ts";
import { routes } from "./routes.ts";
import type { Services } from "./services.ts";

export interface AppParts {
  readonly publicUrl: string;
  /** Of the built console; undefined where it is not served. */
  readonly consoleFolder: string | undefined;
  /** Whether /dev/mails shows every mail: for development. */
  readonly mailPreview: boolean;
  readonly registry: RegistryDatabase;
  readonly services: Services;
  readonly identity: Identity;
  readonly limits: RateLimits;
  readonly clock: Clock;
  readonly log: Logger;
  /** Counts a request by its route's pattern, never by its path, which may hold a token. */
  readonly count: (method: string, pattern: string, status: number, seconds: number) => void;
}

const longestBody = "100kb";

const observed =
  (count: AppParts["count"]): RequestHandler =>
  (request, response, next) => {
    const began = performance.now();
    const given = request.headers["x-request-id"];
    response.set("X-Request-Id", typeof given === "string" && /^[\w.-]{8,100}$/.test(given) ? given : randomUUID());
    response.on("finish", () => {
      const route = (request.route as { path?: unknown } | undefined)?.path;
      count(
        request.method,
        typeof route === "string" ? route : "other",
        response.statusCode,
        (performance.now() - began) / 1000,
      );
    });
    next();
  };

const securityHeaders = (publicUrl: string): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: "same-origin" },
    frameguard: { action: "deny" },
    strictTransportSecurity: publicUrl.startsWith("https:") ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });

/** The control API as its clients see it. Does not listen. */
export const createApp = (parts: AppParts): Express => {
  const {
    publicUrl,
    consoleFolder,
    mailPreview: showMails,
    registry,
    services,
    identity,
    limits,
    clock,
    log,
    count,
  } = parts;
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.set("query parser", "simple");
  // One hop in front: the last entry of X-Forwarded-For is the visitor.
  app.set("trust proxy", 1);
  const cookies = hostCookies(publicUrl);
  const document = openApiDocument(
    routes.map(({ contract }) => contract),
    publicUrl,
  );
  app.use(observed(count), securityHeaders(publicUrl));
  app.get("/openapi.json", (_request, response) => void response.json(document));
  // Before the body is read: the provider reads it itself.
  app.use(
    identityRouter({ publicUrl, identity, tokens: services.tokens, cookies, limits, log, sessions: services.sessions }),
  );
  app.use(
    express.json({
      limit: longestBody,
      inflate: false,
      strict: true,
      type: "application/json",
      verify: verifyJson,
    }),
  );
  app.use(
    mount(routes, {
      authorize: {
        publicUrl,
        cookies,
        tokens: services.tokens,
        sessionAsks: (token, slug) => services.sessions.asking(token, slug),
        bearerAsks: identity.bearerAsks,
      },
      cookies,
      limits,
      idempotency: createIdempotency(registry, clock),
      services,
    }),
  );
  if (showMails) app.use(mailPreview(publicUrl));
  app.use(pagesRouter({ services, cookies, limits, log, morePages: devicePages({ ...identity, limits }) }));
  if (consoleFolder !== undefined) app.use(serveConsole(consoleFolder));
  app.use(() => {
    throw notFound();
  });
  app.use(errorHandler(log));
  return app;
};

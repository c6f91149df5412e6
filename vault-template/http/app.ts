import { randomUUID } from "node:crypto";
import express, { Router, type Express, type RequestHandler } from "express";
import helmet from "helmet";
import { notFound } from "../errors.ts";
import { exportApi, exportRoutes, type ExportRoutesDeps } from "../export/export-routes.ts";
import type { Metrics } from "../internal/metrics.ts";
import type { Log } from "../log.ts";
import { invitationApi, invitationRoutes } from "../invitations/invitation-routes.ts";
import type { InvitationService } from "../invitations/invitation-service.ts";
import { loginRoutes } from "../login/login-routes.ts";
import type { LoginService } from "../login/login-service.ts";
import { memberApi, memberRoutes, type MemberRoutesDeps } from "../members/member-routes.ts";
import { hasVoiceParts } from "../release.ts";
import { registryRoutes } from "../registry/registry-routes.ts";
import type { RegistryLogin } from "../registry/registry-login.ts";
import type { Tokens } from "../tokens.ts";
import { voicePartRoutes } from "../voice-parts/voice-part-routes.ts";
import { assetRoutes } from "./assets.ts";
import { type Cookies, hostCookies } from "./cookies.ts";
import { errorHandler } from "./error-handler.ts";
import { openVisit, refuseForgery } from "./visit.ts";

export interface AppDeps extends MemberRoutesDeps, ExportRoutesDeps {
  publicOrigin: string;
  login: LoginService;
  askAccess: () => Promise<void>;
  invitations: InvitationService;
  /** Logging in with Polyphony; null where there is no registry. */
  registryLogin: RegistryLogin | null;
  tokens: Tokens;
  metrics: Metrics;
  log: Log;
}

const securityHeaders = (publicOrigin: string): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // Not "no-referrer": with it browsers send "Origin: null" with forms, and ours would be refused.
    referrerPolicy: { policy: "same-origin" },
    frameguard: { action: "deny" },
    strictTransportSecurity: publicOrigin.startsWith("https:")
      ? { maxAge: 31_536_000, includeSubDomains: false }
      : false,
  });

/** Gives each request an id, and counts it by its route's pattern: never by its path, which may hold a token. */
const observed =
  (metrics: Metrics): RequestHandler =>
  (request, response, next) => {
    const start = performance.now();
    response.set("X-Request-Id", randomUUID());
    response.on("finish", () => {
      const route = (request.route as { path?: unknown } | undefined)?.path;
      const pattern = typeof route === "string" ? request.baseUrl + route : "other";
      metrics.request(request.method, pattern, response.statusCode, (performance.now() - start) / 1000);
    });
    next();
  };

const routes = (deps: AppDeps, cookies: Cookies): Router => {
  const router = Router();
  const api = Router();
  api.use(memberApi(deps), invitationApi(deps.invitations), exportApi(deps));
  api.use(() => {
    throw notFound("The API has /api/me, /api/members, /api/invitations and /api/export.");
  });
  router.use("/api", api);
  if (hasVoiceParts) router.use(voicePartRoutes(deps.members));
  if (deps.registryLogin) router.use(registryRoutes(deps.registryLogin, cookies));
  router.use(
    memberRoutes(deps),
    loginRoutes(deps.login, deps.pages),
    invitationRoutes(deps.invitations, deps.pages),
    exportRoutes(deps),
  );
  router.use(() => {
    throw notFound();
  });
  return router;
};

/** The vault as visitors see it. Does not listen. */
export function createApp(deps: AppDeps): Express {
  const { publicOrigin, tokens, login, askAccess } = deps;
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.set("query parser", "simple");
  // The gateway is the one hop in front: the last entry of X-Forwarded-For is the visitor.
  app.set("trust proxy", 1);
  const cookies = hostCookies(publicOrigin);
  const visits = { cookies, tokens, memberOfSession: login.memberOfSession, askAccess };
  app.use(observed(deps.metrics), securityHeaders(publicOrigin), assetRoutes());
  app.use(openVisit(visits));
  app.use(express.urlencoded({ extended: false, limit: "20kb" }), express.json({ limit: "20kb" }));
  app.use(refuseForgery(visits, publicOrigin));
  app.use(routes(deps, cookies));
  app.use(errorHandler(deps.pages, deps.log));
  return app;
}

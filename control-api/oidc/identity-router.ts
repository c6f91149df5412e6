import { type Request, type RequestHandler, Router } from "express";
import type { Logger } from "pino";
import type { Person } from "../http/call.ts";
import type { Cookies } from "../http/cookies.ts";
import type { RateLimits } from "../http/rate-limits.ts";
import type { SessionService } from "../login/session-service.ts";
import { errorPage } from "../pages/error-page.ts";
import type { Tokens } from "../tokens.ts";
import { oidcPaths } from "./create-provider.ts";
import type { Identity } from "./create-identity.ts";
import { enterVault } from "./vault-entrance.ts";
import { vaultLogin } from "./vault-logins.ts";

export interface IdentityRouterDeps {
  readonly publicUrl: string;
  readonly identity: Identity;
  readonly tokens: Tokens;
  readonly cookies: Cookies;
  readonly limits: RateLimits;
  readonly log: Logger;
  readonly sessions: Pick<SessionService, "personOf">;
}

/** What the provider answers itself, and how often one address may ask for it. */
const ofProvider = [
  { path: oidcPaths.discovery, limit: "read" },
  { path: oidcPaths.jwks, limit: "read" },
  { path: oidcPaths.authorization, limit: "read" },
  { path: `${oidcPaths.authorization}/:uid`, limit: "read" },
  { path: oidcPaths.token, limit: "read" },
  { path: oidcPaths.revocation, limit: "read" },
  { path: oidcPaths.deviceAuthorization, limit: "write" },
] as const;

/** The OpenID provider's addresses, and the pages of people that belong to it. */
export const identityRouter = (deps: IdentityRouterDeps): Router => {
  const { publicUrl, identity, cookies, limits, sessions } = deps;
  const router = Router({ caseSensitive: true, strict: true });
  const { host, protocol } = new URL(publicUrl);

  const personOf = async (request: Request): Promise<Person | null> => {
    const token = cookies.read(request, "session");
    return token === "" ? null : sessions.personOf(token);
  };

  /** The provider names addresses by what the request says: it is told our own, whatever the request says. */
  const asOurselves: RequestHandler = (request, _response, next) => {
    Object.assign(request.headers, { host, "x-forwarded-host": host, "x-forwarded-proto": protocol.slice(0, -1) });
    next();
  };

  for (const { path, limit } of ofProvider) {
    router.all(path, asOurselves, async (request, response) => {
      await limits.take(limit, request.ip ?? "");
      await (await identity.provider()).callback()(request, response);
    });
  }
  // Browsers go to these by themselves: what goes wrong is told on a page.
  const wrong = errorPage(deps.log);
  router.get(`${oidcPaths.interaction}/:uid`, asOurselves, vaultLogin({ ...deps, ...identity, personOf }), wrong);
  router.get(`${oidcPaths.vaultEntrance}/:slug`, enterVault({ ...deps, ...identity, personOf }), wrong);
  return router;
};

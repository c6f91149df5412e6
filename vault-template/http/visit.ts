import type { NextFunction, Request, RequestHandler, Response } from "express";
import { day } from "../clock.ts";
import { AppError, loginNeeded } from "../errors.ts";
import { sessionLife } from "../login/login-service.ts";
import type { Member } from "../members/member.ts";
import type { Tokens } from "../tokens.ts";
import type { Cookies } from "./cookies.ts";

/** Who makes the request at hand, and what forms on the page need. */
export interface Visit {
  member: Member | null;
  /** Goes into every form as `_token` and into API calls as X-CSRF-Token. */
  formToken: () => string;
  /** Opens or ends the browser's session. */
  logIn(sessionToken: string): void;
  logOut(): void;
  sessionToken: string | null;
}

export interface VisitDeps {
  cookies: Cookies;
  tokens: Tokens;
  memberOfSession: (token: string) => Promise<Member | null>;
  /** Sees whether the vault is read-only, for what the page will offer. */
  askAccess: () => Promise<void>;
}

const visits = new WeakMap<Request, Visit>();

/** The visit that `openVisit` attached. */
export function visitOf(request: Request): Visit {
  const visit = visits.get(request);
  if (!visit) throw new Error("openVisit must run before any route that asks for a visit");
  return visit;
}

/** The member who makes the request. Throws loginNeeded. */
export function memberOf(request: Request): Member {
  const { member } = visitOf(request);
  if (!member) throw loginNeeded();
  return member;
}

/** Reads the session cookie. A request without one costs no query. */
export function openVisit({ cookies, tokens, memberOfSession, askAccess }: VisitDeps): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    const sessionToken = cookies.read(request, "session");
    let visitor = cookies.read(request, "visitor");
    const visit: Visit = {
      member: null,
      sessionToken,
      formToken: () => {
        if (visit.member && sessionToken !== null) return tokens.hash("forgery", sessionToken);
        if (visitor === null) {
          visitor = tokens.fresh();
          cookies.set(response, "visitor", visitor, day);
        }
        return tokens.hash("forgery", visitor);
      },
      logIn: (token) => {
        cookies.set(response, "session", token, sessionLife);
        cookies.clear(response, "visitor");
      },
      logOut: () => cookies.clear(response, "session"),
    };
    // Before the query: pages about its failure ask for the visit too.
    visits.set(request, visit);
    if (sessionToken !== null) [visit.member] = await Promise.all([memberOfSession(sessionToken), askAccess()]);
    next();
  };
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

const forged = () =>
  new AppError({
    status: 403,
    code: "forged-request",
    title: "This form has grown old",
    detail: "It was sent from another site, or the page was open too long. Go back, reload the page and send it again.",
  });

/**
 * Refuses requests that another site could have made a browser send: the Origin must be the vault's own, and the form
 * (or the X-CSRF-Token header) must carry the token tied to the browser's cookie. Place it after the body parsers.
 */
export function refuseForgery({ cookies, tokens }: VisitDeps, publicOrigin: string): RequestHandler {
  return (request, _response, next) => {
    if (safeMethods.has(request.method)) {
      next();
      return;
    }
    if (request.get("origin") !== publicOrigin) throw forged();
    const body: unknown = request.body;
    const field = typeof body === "object" && body !== null ? (body as Record<string, unknown>)["_token"] : undefined;
    const token = request.get("x-csrf-token") ?? (typeof field === "string" ? field : "");
    const visit = visitOf(request);
    const secrets = [visit.member ? visit.sessionToken : null, visit.member ? null : cookies.read(request, "visitor")];
    const good = secrets.some((secret) => secret !== null && tokens.matches("forgery", secret, token));
    if (!good) throw forged();
    next();
  };
}

import type { Request } from "express";
import { type Allow, isAtLeast, type Role } from "../contract/route-contract.ts";
import { forbidden, notFound, unauthenticated } from "../errors.ts";
import type { Tokens } from "../tokens.ts";
import type { Asking, Membership, Person } from "./call.ts";
import type { Cookies } from "./cookies.ts";

export interface AuthorizeDeps {
  readonly publicUrl: string;
  readonly cookies: Cookies;
  readonly tokens: Tokens;
  /** Who sent this cookie, and what they are in the organization of that slug. */
  readonly sessionAsks: (token: string, slug: string | null) => Promise<Asking | null>;
  /** The same of whom a program's token stands for. */
  readonly bearerAsks: (token: string, slug: string | null) => Promise<Asking | null>;
}

/** What pages of ours send with every change, so that no other site can have a visitor's browser make one. */
export const forgeryToken = (tokens: Tokens, person: Person): string => tokens.hash("forgery", person.sessionId);

const refuseOtherSites = (request: Request, publicUrl: string): void => {
  if (request.method === "GET" || request.method === "HEAD") return;
  const { origin } = request.headers;
  if (origin === undefined || origin === new URL(publicUrl).origin) return;
  throw forbidden("This came from another site, so it was not done. Go back to Polyphony's own page and try again.");
};

const refuseForgery = (request: Request, person: Person, tokens: Tokens): void => {
  if (request.method === "GET" || request.method === "HEAD") return;
  const token = request.headers["x-csrf-token"];
  if (typeof token === "string" && tokens.matches("forgery", person.sessionId, token)) return;
  throw forbidden(
    "Send the csrfToken of GET /api/me as the header X-CSRF-Token; reload the page if you see this in a browser.",
  );
};

/** The same answer whether there is no such organization or they do not belong to it. */
const refuseOutsiders = (membership: Membership | null, least: Role): void => {
  if (!membership) throw notFound("This organization");
  if (isAtLeast(membership.role, least)) return;
  throw forbidden(`This needs the role ${least}; you are ${membership.role} here. Ask an owner of the organization.`);
};

const refuseStrangers = (person: Person, least: "support" | "admin"): void => {
  // Not 403: who is not staff need not know what there is.
  if (person.platformRole === null) throw notFound();
  if (least === "admin" && person.platformRole !== "admin")
    throw forbidden("This needs a platform admin; you are platform support.");
};

/** What a program sends to prove who it acts for; null when it sends nothing of the kind. */
const bearerOf = (request: Request): string | null => {
  const [scheme = "", token = ""] = (request.headers.authorization ?? "").split(" ");
  return scheme.toLowerCase() === "bearer" ? token : null;
};

/** The slug in the path of a route for members of an organization; null for any other route. */
const slugOf = (request: Request, allow: Allow): string | null => {
  if (allow.who !== "organization") return null;
  const slug = request.params["slug"];
  if (typeof slug === "string") return slug;
  throw new Error("A route for members of an organization needs {slug} in its path.");
};

/** Who is asking. No browser sends a program's token by itself, so what comes with one needs no proof against forgery. */
export const identify = async (request: Request, allow: Allow, deps: AuthorizeDeps): Promise<Asking | null> => {
  const slug = slugOf(request, allow);
  const bearer = bearerOf(request);
  if (bearer !== null) {
    const asking = await deps.bearerAsks(bearer, slug);
    if (!asking) throw unauthenticated();
    return asking;
  }
  const token = deps.cookies.read(request, "session");
  return token === "" ? null : deps.sessionAsks(token, slug);
};

/** Lets a request through as its route says, or throws 401, 403 or 404. */
export const authorize = (request: Request, allow: Allow, asking: Asking | null, deps: AuthorizeDeps): void => {
  refuseOtherSites(request, deps.publicUrl);
  // What anyone may do is not done in the name of whoever is logged in.
  if (allow.who === "anyone") return;
  if (!asking) throw unauthenticated();
  const { person, membership } = asking;
  if (bearerOf(request) === null) refuseForgery(request, person, deps.tokens);
  if (allow.who === "platform") refuseStrangers(person, allow.atLeast);
  if (allow.who === "organization") refuseOutsiders(membership, allow.atLeast);
};

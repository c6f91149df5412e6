import express, { type Request, type RequestHandler, type Response, Router } from "express";
import type { Logger } from "pino";
import { forbidden } from "../errors.ts";
import type { Cookies } from "../http/cookies.ts";
import type { RateLimits } from "../http/rate-limits.ts";
import { senderFor } from "../http/sender.ts";
import type { Services } from "../services.ts";
import { keepAsked, readAsked } from "./asked-cookie.ts";
import { errorPage } from "./error-page.ts";
import { html, type Html } from "./html.ts";
import { invitationPages } from "./invitation-pages.ts";
import { loginPages } from "./login-pages.ts";
import { logoutPages } from "./logout-pages.ts";
import { ownPath } from "./own-path.ts";
import type { PageRoute, Visit } from "./page-route.ts";
import { registrationPages } from "./registration-pages.ts";
import { sendPage } from "./send-page.ts";
import { statusPages } from "./status-pages.ts";
import { isLocale, keepLanguage, wishesOf } from "./wishes.ts";
import { wordsIn } from "./words.ts";

export interface PagesDeps {
  readonly services: Services;
  readonly cookies: Cookies;
  readonly limits: RateLimits;
  readonly log: Logger;
  /** Beside those that stand here. */
  readonly morePages: readonly PageRoute[];
}

const allPages: readonly PageRoute[] = [
  ...loginPages,
  ...registrationPages,
  ...invitationPages,
  ...statusPages,
  ...logoutPages,
];

const textIn = (values: unknown, name: string): string => {
  const value = (values as Record<string, unknown> | undefined)?.[name];
  return typeof value === "string" ? value.slice(0, 2000) : "";
};

const isSecure = (services: Services): boolean => services.publicUrl.startsWith("https:");

/** Throws 403 unless this very browser was given the form. */
const refuseForgery = (request: Request, { services, cookies }: PagesDeps): void => {
  const { origin } = request.headers;
  const browser = cookies.read(request, "browser");
  const isOurs = origin === undefined || origin === new URL(services.publicUrl).origin;
  if (isOurs && browser !== "" && services.tokens.matches("forgery", browser, textIn(request.body, "_token"))) return;
  throw forbidden("This page has grown old, or it was sent from another site. Open it again and send it once more.");
};

const visitOf = async (request: Request, response: Response, deps: PagesDeps): Promise<Visit> => {
  const { services, cookies } = deps;
  const { tokens, sessions } = services;
  const wishes = wishesOf(request);
  const session = cookies.read(request, "session");
  const browser = cookies.read(request, "browser");
  const sender = senderFor(response, cookies);
  const slug = textIn(request.params, "slug");
  const asking = session === "" ? null : await sessions.asking(session, slug === "" ? null : slug);
  const remembered = browser === "" ? tokens.fresh() : browser;
  return {
    ...wishes,
    words: wordsIn(wishes.locale),
    here: request.originalUrl,
    person: asking?.person ?? null,
    membership: asking?.membership ?? null,
    param: (name) => textIn(request.params, name),
    query: (name) => textIn(request.query, name),
    field: (name) => textIn(request.body, name),
    get formToken(): Html {
      sender.rememberBrowser(remembered);
      return html`<input type="hidden" name="_token" value="${tokens.hash("forgery", remembered)}" />`;
    },
    sender,
    asked: readAsked(request),
    keepAsked: (asked) => keepAsked(response, asked, isSecure(services)),
    requestId: String(response.getHeader("X-Request-Id")),
    address: request.ip ?? "",
    userAgent: (request.headers["user-agent"] ?? "").slice(0, 400),
    browser,
  };
};

const handlerOf =
  ({ method, limit, handle }: PageRoute, deps: PagesDeps): RequestHandler =>
  async (request, response) => {
    await deps.limits.take(limit, request.ip ?? "");
    if (method === "post") refuseForgery(request, deps);
    const visit = await visitOf(request, response, deps);
    const answer = await handle(visit, deps.services);
    if ("to" in answer) {
      response.set("Cache-Control", "no-store").redirect(303, answer.to);
      return;
    }
    const { status = 200, refreshSeconds, ...page } = answer;
    if (refreshSeconds !== undefined) response.set("Refresh", String(refreshSeconds));
    sendPage(response, status, { ...wishesOf(request), ...page, here: method === "get" ? visit.here : undefined });
  };

/** Every page that works without JavaScript. */
export const pagesRouter = (deps: PagesDeps): Router => {
  const router = Router({ caseSensitive: true, strict: true });
  const form = express.urlencoded({ extended: false, limit: "10kb", inflate: false });
  for (const page of [...allPages, ...deps.morePages]) {
    const parsers = page.method === "post" ? [form] : [];
    router[page.method](page.path, ...parsers, handlerOf(page, deps), errorPage(deps.log));
  }
  router.get("/language/:locale", (request, response, next) => {
    const { locale } = request.params;
    if (!isLocale(locale)) {
      next();
      return;
    }
    keepLanguage(response, locale, isSecure(deps.services));
    response.redirect(303, ownPath(textIn(request.query, "back")));
  });
  return router;
};

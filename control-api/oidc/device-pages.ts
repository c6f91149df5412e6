import express, { type Request, type RequestHandler, type Response, Router } from "express";
import { forgeryToken } from "../http/authorize.ts";
import type { Person } from "../http/call.ts";
import { forbidden } from "../errors.ts";
import type { RateLimits } from "../http/rate-limits.ts";
import { actorOf } from "../http/call.ts";
import type { Tokens } from "../tokens.ts";
import { oidcPaths } from "./create-provider.ts";
import type { DeviceAnswer, DeviceLogins } from "./device-logins.ts";
import { answerPage, askPage, confirmPage } from "./device-views.ts";

export interface DevicePagesDeps {
  readonly publicUrl: string;
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly deviceLogins: DeviceLogins;
  readonly personOf: (request: Request) => Promise<Person | null>;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value.slice(0, 40) : "");

const page = (response: Response, html: string, status = 200): void => {
  response.status(status).set("Cache-Control", "no-store").type("html").send(html);
};

const statusOf: Record<DeviceAnswer, number> = { approved: 200, denied: 200, unknown: 404, expired: 410, used: 409 };

/** The pages where somebody who is logged in lets the command line in. They work without JavaScript. */
export const devicePages = ({ publicUrl, tokens, limits, deviceLogins, personOf }: DevicePagesDeps): Router => {
  const path = oidcPaths.deviceVerification;
  const router = Router({ caseSensitive: true, strict: true });

  const loggedIn = async (request: Request, response: Response, userCode: string): Promise<Person | null> => {
    const person = await personOf(request);
    if (person) return person;
    const next = userCode === "" ? path : `${path}?user_code=${encodeURIComponent(userCode)}`;
    response.redirect(303, `${publicUrl}/login?next=${encodeURIComponent(next)}`);
    return null;
  };

  /** Wrong codes count for the address and for the person: guessing one takes longer than it lives. */
  const countGuess = async (request: Request, person: Person): Promise<void> => {
    await limits.take("guess", request.ip ?? "");
    await limits.take("guess", person.id);
  };

  const refuseForgery = (request: Request, person: Person, token: string): void => {
    const { origin } = request.headers;
    const own = origin === undefined || origin === new URL(publicUrl).origin;
    if (!own || !tokens.matches("forgery", person.sessionId, token))
      throw forbidden(
        "This form has grown old, or it came from another site. Open the page again and send it once more.",
      );
  };

  const show: RequestHandler = async (request, response) => {
    const userCode = textOf(request.query["user_code"]);
    const person = await loggedIn(request, response, userCode);
    if (!person) return;
    if (userCode === "") {
      page(response, askPage(person));
      return;
    }
    await countGuess(request, person);
    const state = await deviceLogins.look(userCode);
    if (state === "waiting") page(response, confirmPage({ person, userCode, formToken: forgeryToken(tokens, person) }));
    else page(response, answerPage(state, person), statusOf[state]);
  };

  const answer: RequestHandler = async (request, response) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const userCode = textOf(body["user_code"]);
    const person = await loggedIn(request, response, userCode);
    if (!person) return;
    refuseForgery(request, person, typeof body["_token"] === "string" ? body["_token"] : "");
    await countGuess(request, person);
    const circumstances = {
      requestId: String(response.getHeader("X-Request-Id")),
      address: request.ip ?? "",
      userAgent: (request.headers["user-agent"] ?? "").slice(0, 400),
      browser: "",
    };
    const state =
      body["answer"] === "approve"
        ? await deviceLogins.approve(userCode, actorOf({ ...circumstances, person }))
        : await deviceLogins.deny(userCode);
    page(response, answerPage(state, person), statusOf[state]);
  };

  router.get(path, show);
  router.post(path, express.urlencoded({ extended: false, limit: "10kb" }), answer);
  return router;
};

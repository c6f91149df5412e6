import { timingSafeEqual } from "node:crypto";
import { Router, type Request } from "express";
import { minute } from "../clock.ts";
import type { Cookies } from "../http/cookies.ts";
import { visitOf } from "../http/visit.ts";
import { loginAttempt } from "./login-attempt.ts";
import { callbackPath } from "./registry-client.ts";
import { notAMember, notAskedHere, registryRefused } from "./registry-errors.ts";
import type { RegistryLogin } from "./registry-login.ts";

/** A login with Polyphony may take this long: somebody may first have to find a mail. */
const attemptLife = 60 * minute;

const parameter = (request: Request, name: string): string => {
  const value = request.query[name];
  return typeof value === "string" ? value : "";
};

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Going to the registry and coming back. Must stand before the routes of mailed links, whose paths are like these. */
export function registryRoutes(login: RegistryLogin, cookies: Cookies): Router {
  const router = Router();
  router.get("/login/polyphony", async (_request, response) => {
    const { url, secret } = await login.begin();
    cookies.set(response, "registry", secret, attemptLife);
    response.set("Cache-Control", "no-store").redirect(303, url);
  });
  router.get(callbackPath, async (request, response) => {
    const secret = cookies.read(request, "registry");
    // Answers come once: whatever this one is, the attempt is over.
    cookies.clear(response, "registry");
    response.set("Cache-Control", "no-store");
    if (secret === null || !same(parameter(request, "state"), loginAttempt(secret).state)) throw notAskedHere();
    if (!login.isIssuer(parameter(request, "iss"))) throw notAskedHere();
    const error = parameter(request, "error");
    if (error !== "") throw error === "access_denied" ? notAMember() : registryRefused();
    visitOf(request).logIn(await login.finish(parameter(request, "code"), secret));
    response.redirect(303, "/");
  });
  return router;
}

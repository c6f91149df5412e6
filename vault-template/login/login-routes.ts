import { Router } from "express";
import { field } from "../http/field.ts";
import type { Pages } from "../http/pages.ts";
import { visitOf } from "../http/visit.ts";
import { confirmPage, sentPage } from "./login-pages.ts";
import type { LoginService } from "./login-service.ts";

/** Asking for a link, following it, logging out. A GET never spends a link: mail scanners follow links too. */
export function loginRoutes(login: LoginService, pages: Pages): Router {
  const router = Router();
  router.post("/login", async (request, response) => {
    await login.requestLink(field(request, "email"), request.ip ?? "");
    response.redirect(303, "/login/sent");
  });
  router.get("/login", (_request, response) => response.redirect(303, "/"));
  router.get("/login/sent", (request, response) => pages.send(request, response, sentPage()));
  router.get("/login/:token", async (request, response) => {
    const member = await login.peek(request.params.token);
    pages.send(request, response, confirmPage(pages.choir, member, request.params.token, visitOf(request).formToken()));
  });
  router.post("/login/:token", async (request, response) => {
    visitOf(request).logIn(await login.logIn(request.params.token));
    response.redirect(303, "/");
  });
  router.post("/logout", async (request, response) => {
    const visit = visitOf(request);
    if (visit.sessionToken !== null) await login.logOut(visit.sessionToken);
    visit.logOut();
    response.redirect(303, "/");
  });
  return router;
}

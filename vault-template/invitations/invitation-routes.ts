import { Router } from "express";
import { field } from "../http/field.ts";
import type { Pages } from "../http/pages.ts";
import { memberOf, visitOf } from "../http/visit.ts";
import type { Invitation } from "./invitation.ts";
import { acceptPage } from "./invitation-pages.ts";
import type { InvitationService } from "./invitation-service.ts";

/** Inviting, sending again, withdrawing, accepting. */
export function invitationRoutes(invitations: InvitationService, pages: Pages): Router {
  const router = Router();
  const after = (mailed: boolean) => `/members?done=${mailed ? "invited" : "unsent"}`;
  router.post("/invitations", async (request, response) => {
    const input = { email: field(request, "email"), role: field(request, "role") };
    const { mailed } = await invitations.invite(memberOf(request), input);
    response.redirect(303, after(mailed));
  });
  router.post("/invitations/:id/send-again", async (request, response) => {
    const { mailed } = await invitations.sendAgain(memberOf(request), request.params.id);
    response.redirect(303, after(mailed));
  });
  router.post("/invitations/:id/withdraw", async (request, response) => {
    await invitations.withdraw(memberOf(request), request.params.id);
    response.redirect(303, "/members?done=withdrawn");
  });
  router.get("/invitations/accept/:token", async (request, response) => {
    const { token } = request.params;
    const invitation = await invitations.peek(token);
    pages.send(request, response, acceptPage(pages.choir, invitation, token, visitOf(request).formToken()));
  });
  router.post("/invitations/accept/:token", async (request, response) => {
    visitOf(request).logIn(await invitations.accept(request.params.token, field(request, "name")));
    response.redirect(303, "/");
  });
  return router;
}

const invitationView = (invitation: Invitation) => ({
  id: invitation.id,
  email: invitation.email,
  role: invitation.role,
  invitedAt: invitation.invitedAt.toISOString(),
  expiresAt: invitation.expiresAt.toISOString(),
});

/** The same as JSON: GET and POST /api/invitations. */
export function invitationApi(invitations: InvitationService): Router {
  const router = Router();
  router.get("/invitations", async (request, response) => {
    const open = await invitations.open(memberOf(request));
    response.json({ invitations: open.map(invitationView) });
  });
  router.post("/invitations", async (request, response) => {
    const input = { email: field(request, "email"), role: field(request, "role") || "member" };
    const { invitation, mailed } = await invitations.invite(memberOf(request), input);
    response.status(201).json({ invitation: invitationView(invitation), mailed });
  });
  return router;
}

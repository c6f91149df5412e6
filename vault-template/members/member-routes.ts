import { Router, type Request } from "express";
import * as z from "zod";
import type { Clock } from "../clock.ts";
import { invalidInput } from "../errors.ts";
import type { Pages } from "../http/pages.ts";
import { memberOf, visitOf } from "../http/visit.ts";
import type { InvitationService } from "../invitations/invitation-service.ts";
import { welcomePage } from "../login/login-pages.ts";
import { hasVoiceParts } from "../release.ts";
import { managesMembers, type Member } from "./member.ts";
import { homePage, membersPage } from "./member-pages.ts";
import type { MemberService } from "./member-service.ts";

export interface MemberRoutesDeps {
  members: MemberService;
  invitations: InvitationService;
  registryLogin: object | null;
  pages: Pages;
  clock: Clock;
}

const Query = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  after: z.string().max(2000).optional(),
  done: z.string().max(20).default(""),
});

const queryOf = (request: Request) => {
  const query = Query.safeParse(request.query);
  if (!query.success)
    throw invalidInput("/limit", "`limit` is a whole number from 1 to 200; `after` is `next` of a page.");
  return query.data;
};

/** The front page and the list of members. */
export function memberRoutes({ members, invitations, registryLogin, pages, clock }: MemberRoutesDeps): Router {
  const router = Router();
  router.get("/", async (request, response) => {
    const { member, formToken } = visitOf(request);
    const page = member
      ? homePage(pages.choir, member, await members.count(), formToken())
      : welcomePage(pages.choir, formToken(), registryLogin !== null);
    pages.send(request, response, page);
  });
  router.get("/members", async (request, response) => {
    const viewer = memberOf(request);
    const { limit, after, done } = queryOf(request);
    const [page, count, open] = await Promise.all([
      members.page(limit, after ?? null),
      members.count(),
      managesMembers(viewer.role) ? invitations.open(viewer) : null,
    ]);
    const formToken = visitOf(request).formToken();
    const view = { viewer, page, count, invitations: open, done, now: clock.now(), formToken };
    pages.send(request, response, membersPage(pages.choir, view));
  });
  return router;
}

const memberView = (member: Member, viewer: Member) => ({
  id: member.id,
  name: member.name,
  role: member.role,
  joinedAt: member.joinedAt.toISOString(),
  // How to reach people is for those who manage them, and for each person their own.
  ...(hasVoiceParts ? { voicePart: member.voicePart } : {}),
  ...(managesMembers(viewer.role) || member.id === viewer.id ? { email: member.email } : {}),
});

/** The same as JSON: GET /api/me and GET /api/members. */
export function memberApi({ members, pages }: Pick<MemberRoutesDeps, "members" | "pages">): Router {
  const router = Router();
  router.get("/me", (request, response) => {
    const member = memberOf(request);
    const access = pages.choir.readOnly ? "ReadOnly" : "ReadWrite";
    response.json({ member: memberView(member, member), access, csrfToken: visitOf(request).formToken() });
  });
  router.get("/members", async (request, response) => {
    const viewer = memberOf(request);
    const { limit, after } = queryOf(request);
    const page = await members.page(limit, after ?? null);
    response.json({ members: page.members.map((member) => memberView(member, viewer)), next: page.next });
  });
  return router;
}

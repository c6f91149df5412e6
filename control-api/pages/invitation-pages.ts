import { acceptInvitation } from "../contract/members.ts";
import type { OpenInvitation } from "../members/open-invitations.ts";
import { sessionLastsMs } from "../login/session-service.ts";
import type { Services } from "../services.ts";
import { html } from "./html.ts";
import type { PageAnswer, PageRoute, Visit } from "./page-route.ts";

const openPage = (visit: Visit, known: OpenInvitation, name: string, wrong: boolean): PageAnswer => {
  const { invitation } = visit.words;
  const said = wrong && html`aria-invalid="true" aria-describedby="wrong"`;
  return {
    title: invitation.title,
    status: wrong ? 422 : 200,
    body: html`<p class="soft">${invitation.intro}</p>
      <dl>
        <dt>${invitation.organization}</dt>
        <dd><bdi>${known.organization.name}</bdi></dd>
        <dt>${invitation.role}</dt>
        <dd>${invitation.roles[known.role]}</dd>
        <dt>${invitation.as}</dt>
        <dd>${known.email}</dd>
      </dl>
      <form method="post">
        ${visit.formToken}
        <label for="name">${invitation.yourName}</label>
        <input id="name" name="name" required maxlength="200" autocomplete="name" value="${name}" ${said} />
        ${wrong && html`<p class="wrong" id="wrong" role="alert">${invitation.nameWrong}</p>`}
        <button class="button">${invitation.accept}</button>
      </form>`,
  };
};

const closedPage = ({ words }: Visit, { state, organization }: OpenInvitation): PageAnswer => {
  const login = `/login?next=${encodeURIComponent(`/dashboard/org/${organization.slug}`)}`;
  return {
    title: words.invitation.closedTitle,
    status: 409,
    body: html`<p>${state !== "open" && words.invitation.closed[state]}</p>
      ${state === "accepted" && html`<a class="button" href="${login}">${words.link.logIn}</a>`}`,
  };
};

const pageOf = (visit: Visit, known: OpenInvitation, name: string, wrong = false): PageAnswer =>
  known.state === "open" ? openPage(visit, known, name, wrong) : closedPage(visit, known);

const accept = async (visit: Visit, { invitations }: Services): Promise<PageAnswer> => {
  const token = visit.param("token");
  const known = await invitations.look(token);
  const given = acceptInvitation.body.safeParse({ name: visit.field("name"), locale: visit.locale });
  if (known.state !== "open" || !given.success) return pageOf(visit, known, visit.field("name"), !given.success);
  const { slug, session } = await invitations.accept(token, given.data, visit);
  visit.sender.logIn(session, sessionLastsMs);
  return { to: `/dashboard/org/${slug}` };
};

/** What the link in an invitation's mail leads to. */
export const invitationPages: readonly PageRoute[] = [
  {
    method: "get",
    path: "/invitations/:token",
    limit: "guess",
    handle: async (visit, { invitations }) =>
      pageOf(visit, await invitations.look(visit.param("token")), visit.person?.name ?? ""),
  },
  { method: "post", path: "/invitations/:token", limit: "guess", handle: accept },
];

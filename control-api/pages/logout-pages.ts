import type { Services } from "../services.ts";
import { html } from "./html.ts";
import type { PageAnswer, PageRoute, Visit } from "./page-route.ts";

const donePage = ({ words }: Visit): PageAnswer => ({
  title: words.logout.doneTitle,
  body: html`<p>${words.logout.done}</p>
    <a class="button" href="/login">${words.link.logIn}</a>`,
});

const askPage = ({ words, formToken }: Visit): PageAnswer => ({
  title: words.logout.title,
  body: html`<p>${words.logout.intro}</p>
    <form method="post" action="/logout">${formToken}<button class="button">${words.logout.logOut}</button></form>`,
});

const logOut = async (visit: Visit, { sessions }: Services): Promise<PageAnswer> => {
  if (visit.person) await sessions.revoke(visit.person, visit.person.sessionId);
  visit.sender.logOut();
  return { to: "/logout" };
};

/** Logging out is asked for first: a GET changes nothing. */
export const logoutPages: readonly PageRoute[] = [
  {
    method: "get",
    path: "/logout",
    limit: "read",
    handle: (visit) => (visit.person ? askPage(visit) : donePage(visit)),
  },
  { method: "post", path: "/logout", limit: "write", handle: logOut },
];

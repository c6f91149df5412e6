import {
  deleteSession,
  getLoginLink,
  getMe,
  getSessions,
  logOut,
  postLoginLink,
  spendLoginLink,
} from "../contract/login.ts";
import { forgeryToken } from "../http/authorize.ts";
import { defineRoute } from "../http/define-route.ts";
import { requireUuid } from "../http/require-uuid.ts";
import { publicId } from "../ids.ts";
import { sessionLastsMs } from "./session-service.ts";

const asked = "If this address is known here, a mail with a link is on its way. It works once, for ten minutes.";

export const loginRoutes = [
  defineRoute(postLoginLink, async (call, { login }) => {
    const { code, browser, expiresAt } = await login.ask(call.body.email, call);
    call.sender.rememberBrowser(browser);
    return { code, expiresAt: expiresAt.toISOString(), message: asked };
  }),
  defineRoute(getLoginLink, (call, { login }) => login.look(call.params.token, call)),
  defineRoute(spendLoginLink, async (call, { login }) => {
    call.sender.logIn(await login.spend(call.params.token, call.body.code, call), sessionLastsMs);
    return { message: "You are logged in." };
  }),
  defineRoute(getMe, async ({ person }, { organizations, tokens }) => ({
    id: publicId("person", person.id),
    email: person.email,
    name: person.name,
    locale: person.locale,
    platformRole: person.platformRole,
    csrfToken: forgeryToken(tokens, person),
    organizations: await organizations.ofPerson(person),
  })),
  defineRoute(getSessions, async ({ person }, { sessions }) => ({
    items: (await sessions.list(person)).map((session) => ({
      id: publicId("session", session.id),
      current: session.id === person.sessionId,
      userAgent: session.userAgent,
      address: session.address,
      createdAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      expiresAt: session.expiresAt.toISOString(),
    })),
  })),
  defineRoute(deleteSession, async ({ person, params }, { sessions }) => {
    await sessions.revoke(person, requireUuid("session", params.id));
    return undefined;
  }),
  defineRoute(logOut, async ({ person, sender }, { sessions }) => {
    await sessions.revoke(person, person.sessionId);
    sender.logOut();
    return undefined;
  }),
];

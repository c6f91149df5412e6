import { Email } from "../contract/fields.ts";
import type { LinkState } from "../contract/login.ts";
import { AppError } from "../errors.ts";
import { sessionLastsMs } from "../login/session-service.ts";
import type { Services } from "../services.ts";
import { type Fragment, html } from "./html.ts";
import { ownPath } from "./own-path.ts";
import type { PageAnswer, PageRoute, Visit } from "./page-route.ts";

const askPage = (visit: Visit, given: { email: string; next: string; wrong: boolean }): PageAnswer => {
  const { words, formToken } = visit;
  const { email, next, wrong } = given;
  const trouble = wrong && html`<p class="wrong" id="wrong" role="alert">${words.login.emailWrong}</p>`;
  const said = wrong && html`aria-invalid="true" aria-describedby="wrong"`;
  return {
    title: words.login.title,
    status: wrong ? 422 : 200,
    body: html`<p class="soft">${words.login.intro}</p>
      <form method="post" action="/login">
        ${formToken}<input type="hidden" name="next" value="${next}" />
        <label for="email">${words.email}</label>
        <input
          id="email"
          name="email"
          type="email"
          required
          maxlength="254"
          autocomplete="email"
          value="${email}"
          ${said}
        />
        ${trouble}
        <button class="button">${words.login.send}</button>
      </form>
      <p class="small soft">${words.login.noAccount} <a href="/register">${words.login.register}</a></p>`,
  };
};

const sendLink = async (visit: Visit, { login }: Services): Promise<PageAnswer> => {
  const email = Email.safeParse(visit.field("email"));
  const next = ownPath(visit.field("next"));
  if (!email.success) return askPage(visit, { email: visit.field("email"), next, wrong: true });
  const { code, browser } = await login.ask(email.data, visit);
  visit.sender.rememberBrowser(browser);
  visit.keepAsked({ email: email.data, code, next });
  return { to: "/login/check-mail" };
};

const checkMailPage = ({ words, asked }: Visit): PageAnswer => {
  if (!asked) return { to: "/login" };
  const spoken = Array.from(asked.code).join(" ");
  return {
    title: words.asked.title,
    body: html`<p>${words.asked.sent}<br /><strong>${asked.email}</strong></p>
      <p>${words.asked.here}</p>
      <p class="told">
        ${words.asked.elsewhere}
        <span class="digits" aria-label="${spoken}">${asked.code.slice(0, 3)} ${asked.code.slice(3)}</span>
      </p>
      <p class="small"><a href="/login?next=${encodeURIComponent(asked.next)}">${words.asked.again}</a></p>`,
  };
};

/** Where a link that came with a mail of ours leads to; another one leads to what its login was asked for. */
const nextOf = (visit: Visit): string => ownPath(visit.query("next"), visit.asked?.next ?? "/");

const deadLink = (visit: Visit, state: "spent" | "expired"): PageAnswer => {
  const { link } = visit.words;
  return {
    title: state === "spent" ? link.spentTitle : link.expiredTitle,
    status: state === "spent" ? 409 : 410,
    body: html`<p>${state === "spent" ? link.spent : link.expired}</p>
      <a class="button" href="/login?next=${encodeURIComponent(nextOf(visit))}">${link.askAgain}</a>`,
  };
};

const codeField = ({ words }: Visit, wrong: boolean): Fragment =>
  html`<label for="code">${words.link.code}</label>
    <input
      id="code"
      class="code"
      name="code"
      required
      inputmode="numeric"
      autocomplete="one-time-code"
      pattern="[0-9 ]{6,7}"
      maxlength="7"
      ${wrong && html`aria-invalid="true" aria-describedby="wrong"`}
    />
    ${wrong && html`<p class="wrong" id="wrong" role="alert">${words.link.codeWrong}</p>`}`;

const linkPage = (visit: Visit, { state, needsCode }: LinkState, wrong = false): PageAnswer => {
  if (state !== "open") return deadLink(visit, state);
  const { words, formToken } = visit;
  return {
    title: needsCode ? words.link.codeTitle : words.link.title,
    status: wrong ? 422 : 200,
    body: html`<p class="soft">${needsCode ? words.link.codeIntro : words.link.intro}</p>
      <form method="post">
        ${formToken}${needsCode && codeField(visit, wrong)}
        <button class="button">${words.link.logIn}</button>
      </form>`,
  };
};

/**
 * On to where the login was for. Not by a redirect for a vault's login: browsers hold the form's policy against every
 * redirect that follows it, and that one leaves for the vault.
 */
const goOn = (visit: Visit): PageAnswer => {
  const { words } = visit;
  const next = nextOf(visit);
  if (!next.startsWith("/oidc/")) return { to: next };
  const body = html`<a class="button" href="${next}">${words.link.goOn}</a>`;
  return { title: words.link.loggedIn, goTo: next, body };
};

/** A link that came with a mail of ours and finds its person logged in already is not needed, and stays as it is. */
const followLink = async (visit: Visit, { login }: Services): Promise<PageAnswer> => {
  const token = visit.param("token");
  const isAwaited = visit.query("next") === "";
  if (!isAwaited && visit.person && (await login.isFor(token, visit.person))) return { to: nextOf(visit) };
  return linkPage(visit, await login.look(token, visit));
};

const spendLink = async (visit: Visit, { login }: Services): Promise<PageAnswer> => {
  const token = visit.param("token");
  const code = visit.field("code").replaceAll(" ", "");
  try {
    visit.sender.logIn(await login.spend(token, code === "" ? undefined : code, visit), sessionLastsMs);
  } catch (error) {
    if (!(error instanceof AppError) || ![409, 410, 422].includes(error.problem.status)) throw error;
    return linkPage(visit, await login.look(token, visit), error.problem.code === "wrong-code");
  }
  visit.keepAsked(null);
  return goOn(visit);
};

/** Asking for a login link, waiting for it, and what it leads to. A GET never spends it: mail programs look ahead. */
export const loginPages: readonly PageRoute[] = [
  {
    method: "get",
    path: "/login",
    limit: "read",
    handle: (visit) => {
      const next = ownPath(visit.query("next"));
      return visit.person ? { to: next } : askPage(visit, { email: "", next, wrong: false });
    },
  },
  { method: "post", path: "/login", limit: "mail", handle: sendLink },
  { method: "get", path: "/login/check-mail", limit: "read", handle: checkMailPage },
  { method: "get", path: "/login/:token", limit: "guess", handle: followLink },
  { method: "post", path: "/login/:token", limit: "guess", handle: spendLink },
];

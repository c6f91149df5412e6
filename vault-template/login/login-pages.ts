import { html, type Html } from "../http/html.ts";
import { mark, named, tokenField, type Choir } from "../http/layout.ts";
import type { Member } from "../members/member.ts";

interface Page {
  title: string;
  body: Html;
}

const withPolyphony = html`<div class="card">
  <a class="button whole" href="/login/polyphony">Log in with Polyphony</a>
</div>`;

/** The front page for people who are not logged in. */
export const welcomePage = (choir: Choir, formToken: string, offersPolyphony: boolean): Page => ({
  title: choir.name,
  body: html`<div class="narrow">
    <div class="welcome">
      ${mark}
      <h1>${named(choir.name)}</h1>
      <p class="lead">Music, dates and people of our choir, in one place.</p>
    </div>
    ${offersPolyphony && withPolyphony}
    <form class="card" method="post" action="/login">
      <h2>Log in</h2>
      ${tokenField(formToken)}
      <label for="email">Your mail address</label>
      <p class="hint" id="email-hint">We mail you a link that logs you in. No password needed.</p>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="email"
        required
        maxlength="254"
        aria-describedby="email-hint"
      />
      <button class="button whole">Mail me a login link</button>
    </form>
    <p class="soft">Not a member yet? The choir's admins invite you by mail.</p>
  </div>`,
});

/** The same for every address that was typed: whether it is a member's is nobody's business. */
export const sentPage = (): Page => ({
  title: "Look into your inbox",
  body: html`<div class="narrow">
    <div class="card">
      <h1>Look into your inbox</h1>
      <p>If the address belongs to a member, a login link is on its way to it. It works once, within ten minutes.</p>
      <p class="soft">Nothing there? Look into the spam folder, or check the address and <a href="/">ask again</a>.</p>
    </div>
  </div>`,
});

/** Where the mailed link leads; only its button spends the link. */
export const confirmPage = (choir: Choir, member: Member, token: string, formToken: string): Page => ({
  title: "Log in",
  body: html`<div class="narrow">
    <form class="card" method="post" action="/login/${encodeURIComponent(token)}">
      <h1>Welcome, ${named(member.name)}</h1>
      <p>Log in to ${named(choir.name)} on this device.</p>
      ${tokenField(formToken)} <button class="button whole">Log in</button>
    </form>
  </div>`,
});

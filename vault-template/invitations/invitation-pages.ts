import { html, type Html } from "../http/html.ts";
import { named, tokenField, type Choir } from "../http/layout.ts";
import { longestName } from "../display-name.ts";
import type { Invitation } from "./invitation.ts";

/** Where the mailed invitation leads. */
export const acceptPage = (
  choir: Choir,
  invitation: Invitation,
  token: string,
  formToken: string,
): { title: string; body: Html } => ({
  title: "Your invitation",
  body: html`<div class="narrow">
    <form class="card" method="post" action="/invitations/accept/${encodeURIComponent(token)}">
      <h1>Join ${named(choir.name)}</h1>
      <p>You were invited as ${invitation.email}.</p>
      ${tokenField(formToken)} <label for="name">Your name</label>
      <p class="hint" id="name-hint">As the others know you.</p>
      <input
        id="name"
        name="name"
        autocomplete="name"
        required
        maxlength="${longestName}"
        dir="auto"
        aria-describedby="name-hint"
      />
      <button class="button whole">Accept and log in</button>
    </form>
  </div>`,
});

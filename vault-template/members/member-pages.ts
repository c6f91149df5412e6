import { html, type Fragment, type Html } from "../http/html.ts";
import { named, tokenField, type Choir } from "../http/layout.ts";
import type { Invitation } from "../invitations/invitation.ts";
import { hasVoiceParts } from "../release.ts";
import { voicePartForm, voicePartTag } from "../voice-parts/voice-part-pages.ts";
import { managesMembers, type InvitableRole, type Member, type Role } from "./member.ts";
import type { MemberPage } from "./member-service.ts";

interface Page {
  title: string;
  body: Html;
  current: "home" | "members";
}

export const roleNames: Record<Role, string> = { owner: "Owner", admin: "Admin", member: "Member", viewer: "Viewer" };

const roleHints: Record<InvitableRole, string> = {
  member: "sings along",
  viewer: "only looks",
  admin: "invites others",
};

/** The front page for members. */
export const homePage = (choir: Choir, member: Member, memberCount: number, formToken: string): Page => ({
  title: "Home",
  current: "home",
  body: html`<h1>Good to see you, ${named(member.name)}</h1>
    <p class="lead">This is the vault of ${named(choir.name)}.</p>
    <dl class="figures">
      <div>
        <dt>Members</dt>
        <dd>${memberCount}</dd>
      </div>
      <div>
        <dt>Your role</dt>
        <dd>${roleNames[member.role]}</dd>
      </div>
    </dl>
    <div class="card">
      <h2>The people</h2>
      <p>
        ${
          managesMembers(member.role)
            ? "See who sings with us, and invite whoever is missing."
            : "See who sings with us. Admins invite new people."
        }
      </p>
      <p><a class="button" href="/members">Open the list of members</a></p>
    </div>
    ${hasVoiceParts && !choir.readOnly && voicePartForm(member, formToken)}`,
});

const notices: Record<string, { text: string; warn?: true }> = {
  invited: { text: "The invitation is on its way." },
  withdrawn: { text: "The invitation is withdrawn; its link no longer works." },
  unsent: { text: "The invitation is kept, but the mail could not be sent. Try “Send again” in a minute.", warn: true },
};

const noticeOf = (done: string): Fragment => {
  const notice = Object.hasOwn(notices, done) ? notices[done] : undefined;
  return notice && html`<p class="notice${notice.warn ? " warn" : ""}" role="status">${notice.text}</p>`;
};

const personLine = (person: Member, viewer: Member): Html =>
  html`<li>
    <div class="person">
      <b>${named(person.name)}</b>${managesMembers(viewer.role) && html`<span>${person.email}</span>`}
    </div>
    ${hasVoiceParts && voicePartTag(person)}<span class="tag">${roleNames[person.role]}</span>
  </li>`;

const dateOf = (date: Date): Html => {
  const iso = date.toISOString().slice(0, 10);
  return html`<time datetime="${iso}">${iso}</time>`;
};

const invitationLine = (invitation: Invitation, choir: Choir, { now, formToken: token }: MembersView): Html => {
  const act = (path: string, label: string) =>
    html`<form method="post" action="/invitations/${invitation.id}/${path}">
      ${tokenField(token)}<button class="button quiet" aria-label="${label}: ${invitation.email}">${label}</button>
    </form>`;
  const state = invitation.expiresAt > now ? "Open until" : "Ran out on";
  return html`<li>
    <div class="person">
      <b>${invitation.email}</b>
      <span>${roleNames[invitation.role]} &middot; ${state} ${dateOf(invitation.expiresAt)}</span>
    </div>
    ${!choir.readOnly && html`<div class="acts">${act("send-again", "Send again")}${act("withdraw", "Withdraw")}</div>`}
  </li>`;
};

const inviteForm = (token: string): Html =>
  html`<form class="card" method="post" action="/invitations">
    <h2>Invite somebody</h2>
    ${tokenField(token)}<label for="email">Mail address</label>
    <input id="email" name="email" type="email" required maxlength="254" autocomplete="off" />
    <label for="role">Role</label
    ><select id="role" name="role">
      ${(["member", "viewer", "admin"] as const).map(
        (role) => html`<option value="${role}">${roleNames[role]}: ${roleHints[role]}</option>`,
      )}</select
    ><button class="button whole">Send the invitation</button>
  </form>`;

const inviteLater = html`<div class="card">
  <h2>Invite somebody</h2>
  <p class="soft">Nobody can be invited while the vault is read-only.</p>
</div>`;

const exportCard = html`<section class="card" aria-labelledby="export">
  <h2 id="export">Take it along</h2>
  <p class="soft">Everything in this vault is the choir's own.</p>
  <p>
    <a href="/export/members.csv" download>Members as a table (CSV)</a><br />
    <a href="/api/export" download>Everything (JSON)</a>
  </p>
</section>`;

export interface MembersView {
  viewer: Member;
  page: MemberPage;
  count: number;
  /** Null for those who may not invite. */
  invitations: Invitation[] | null;
  done: string;
  now: Date;
  formToken: string;
}

/** The list of members; for owners and admins also who is invited and a form to invite. */
export const membersPage = (choir: Choir, view: MembersView): Page => {
  const { invitations, page, viewer, formToken } = view;
  const people = html`<section class="card" aria-labelledby="people">
    <h2 id="people">Members (${view.count})</h2>
    <ul class="people">
      ${page.members.map((person) => personLine(person, viewer))}
    </ul>
    ${page.next !== null && html`<p><a href="/members?after=${encodeURIComponent(page.next)}">Show more</a></p>`}
  </section>`;
  const open =
    invitations &&
    invitations.length > 0 &&
    html`<section class="card" aria-labelledby="open">
      <h2 id="open">Open invitations</h2>
      <ul class="people">
        ${invitations.map((one) => invitationLine(one, choir, view))}
      </ul>
    </section>`;
  return {
    title: "Members",
    current: "members",
    body: html`<h1>Members</h1>
      <p class="lead">The people of ${named(choir.name)}.</p>
      ${noticeOf(view.done)}
      ${
        invitations
          ? html`<div class="columns">
              <div>${people}${open}</div>
              <div>${choir.readOnly ? inviteLater : inviteForm(formToken)}${exportCard}</div>
            </div>`
          : people
      }`,
  };
};

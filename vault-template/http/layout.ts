import type { Member } from "../members/member.ts";
import { iconPath, stylesheetPath } from "./assets.ts";
import { html, type Fragment, type Html } from "./html.ts";

/** What every page of this vault shows. */
export interface Choir {
  name: string;
  readOnly: boolean;
  /** Why it is read-only and what lifts that, as the platform puts it. */
  readOnlyReason: string | null;
}

export interface PageParts {
  title: string;
  body: Html;
  member: Member | null;
  /** For the log-out form; needed only with a member. */
  formToken: () => string;
  current?: "home" | "members";
}

const doctype = html`<!doctype html> `;

export const mark: Html = html`<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <rect width="32" height="32" rx="8" fill="currentColor" opacity=".12" />
  <g fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round">
    <path d="M6 11c5-5 8 5 13 0 3-3 5-2 7 0" />
    <path d="M6 17c4 4 7-4 11 0s6 3 9-1" />
    <path d="M6 23c6-4 9 3 14-1 2-1.600 4-1 6 0" />
  </g>
</svg>`;

/** A name typed by a person, kept from turning the text around it when it runs right to left. */
export const named = (name: string): Html => html`<bdi>${name}</bdi>`;

export const tokenField = (token: string): Html => html`<input type="hidden" name="_token" value="${token}" />`;

const navigation = (parts: PageParts): Fragment => {
  const here = (page: PageParts["current"]) => (parts.current === page ? html` aria-current="page"` : "");
  if (!parts.member) return null;
  return html`<nav aria-label="Main">
    <ul>
      <li><a href="/" ${here("home")}>Home</a></li>
      <li><a href="/members" ${here("members")}>Members</a></li>
      <li>
        <form method="post" action="/logout">${tokenField(parts.formToken())}<button>Log out</button></form>
      </li>
    </ul>
  </nav>`;
};

const banner = ({ readOnlyReason }: Choir): Html =>
  html`<div class="banner" role="status">
    <p class="wide">
      <strong>This vault is read-only for now.</strong> You can read and export everything.
      ${
        readOnlyReason === null
          ? "Changes wait until the choir's owner has settled it with the platform."
          : html`<bdi>${readOnlyReason}</bdi>`
      }
    </p>
  </div>`;

/** A whole document. Works without JavaScript; there is none. */
export function layout(choir: Choir, parts: PageParts): string {
  const title = parts.title === choir.name ? choir.name : `${parts.title} · ${choir.name}`;
  return html`${doctype}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="icon" type="image/svg+xml" href="${iconPath}" />
        <link rel="stylesheet" href="${stylesheetPath}" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <div class="wide"><a class="brand" href="/">${mark}${named(choir.name)}</a>${navigation(parts)}</div>
        </header>
        ${choir.readOnly && banner(choir)}
        <main id="main" class="wide">${parts.body}</main>
        <footer><p class="wide">The vault of ${named(choir.name)}</p></footer>
      </body>
    </html>`.markup;
}

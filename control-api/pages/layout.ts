import { markPaths } from "../../console/src/theme/tokens/mark.ts";
import type { Locale } from "../contract/fields.ts";
import { type Fragment, html, Html } from "./html.ts";
import { stylesheet } from "./stylesheet.ts";

/** How this browser wants its pages. */
export interface Wishes {
  readonly locale: Locale;
  /** undefined: as the device says. */
  readonly scheme: "light" | "dark" | undefined;
}

export interface Page extends Wishes {
  readonly title: string;
  readonly body: Fragment;
  /** Path and query of this page, to come back to in another language; left out where that would lose something. */
  readonly here?: string | undefined;
  /** Goes on to this path by itself. */
  readonly goTo?: string | undefined;
}

const style = new Html(`<style>${stylesheet}</style>`);
const mark = html`<svg viewBox="0 0 72 48" aria-hidden="true">
  ${markPaths.map((path) => html`<path d="${path}" />`)}
</svg>`;

const otherLanguage = ({ locale, here }: Page): Fragment => {
  if (here === undefined) return null;
  const [other, name] = locale === "nb" ? ["en", "English"] : ["nb", "Norsk"];
  const path = `/language/${other}?back=${encodeURIComponent(here)}`;
  return html`<a class="language" lang="${other}" href="${path}">${name}</a>`;
};

const goOn = ({ goTo }: Page): Fragment =>
  goTo !== undefined && html`<meta http-equiv="refresh" content="0;url=${goTo}" />`;

/** A whole document that works without JavaScript; there is none. */
export const layout = (page: Page): string =>
  html`<!doctype html>
    <html lang="${page.locale}" ${page.scheme && html`data-scheme="${page.scheme}"`}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${goOn(page)}
        <title>${page.title} · Polyphony</title>
        <link rel="icon" type="image/svg+xml" href="/mark.svg" />
        ${style}
      </head>
      <body>
        <header>
          <div class="bar"><a class="brand" href="/">${mark}Polyphony</a>${otherLanguage(page)}</div>
        </header>
        <main>
          <div class="card">
            <h1>${page.title}</h1>
            ${page.body}
          </div>
        </main>
      </body>
    </html>`.markup;

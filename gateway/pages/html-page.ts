import { escapeHtml } from "./escape-html.ts";
import type { Notice } from "./notice.ts";
import { style } from "./style.ts";

/** Four voices that go their own ways together: the platform's mark. */
const mark = `<svg viewBox="0 0 72 48" aria-hidden="true"><path d="M4 10c10-8 22-8 32 0s22 8 32 0"/><path d="M4 20c10 8 22 8 32 0s22-8 32 0"/><path d="M4 30c10-8 22-8 32 0s22 8 32 0"/><path d="M4 40c10 8 22 8 32 0s22-8 32 0"/></svg>`;

const layout = (title: string, tone: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title><style>${style}</style></head><body class="${tone}"><main>${mark}${body}</main></body></html>`;

/** The operator's steps as people would say them; one that is not here is shown as its own words. */
const steps: Readonly<Record<string, string>> = {
  Accept: "reading the order",
  ChooseRelease: "choosing the release",
  Place: "finding a database server",
  GoldenTemplate: "preparing the release's database",
  Database: "making the database",
  Schema: "setting up the database",
  Workload: "starting the application",
  Route: "opening the address",
  Release: "finishing",
};

/** "DatabaseReady" → "database ready". */
const inWords = (step: string): string =>
  steps[step] ??
  step
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[-_]/g, " ")
    .toLowerCase();

const progressBar = ({ progress }: Notice): string => {
  if (!progress) return "";
  const said = `${progress.step} of ${progress.of} steps done`;
  return `<progress value="${progress.step}" max="${progress.of}" aria-label="Progress">${said}</progress><p class="step">${said} · now: ${escapeHtml(inWords(progress.current))}</p>`;
};

const lastLine = (notice: Notice, requestId: string): string => {
  const again = notice.refresh ? "This page looks again by itself.<br>" : "";
  return `<small>${again}Request number <code>${escapeHtml(requestId)}</code></small>`;
};

/** A notice as a whole page: no scripts, nothing loaded, every word from outside escaped. */
export const htmlPage = (notice: Notice, requestId: string, home: string): string => {
  const parts = [
    notice.about === undefined ? "" : `<p class="about">${escapeHtml(notice.about)}</p>`,
    `<h1>${escapeHtml(notice.title)}</h1>`,
    `<p>${escapeHtml(notice.detail)}</p>`,
    progressBar(notice),
    notice.report === undefined ? "" : `<p class="report">${escapeHtml(notice.report)}</p>`,
    `<p class="next">${escapeHtml(notice.next)}</p>`,
    notice.retryAfter === undefined ? "" : `<p><a class="act" href="">Look again now</a></p>`,
    notice.status === 404 ? `<p><a class="act" href="${escapeHtml(home)}">To the start page</a></p>` : "",
    lastLine(notice, requestId),
  ];
  return layout(notice.title, notice.tone, parts.join(""));
};

/** The page at the base domain itself. `example` is an address such as a vault has. */
export const startPage = (example: string): string =>
  layout(
    "Polyphony",
    "quiet",
    `<h1>Here is Polyphony</h1><p>Polyphony gives every organization a vault of its own: its own running copy of the application, its own database and its own address.</p><p class="next">Each vault answers at the address that its organization was given, such as <code>${escapeHtml(example)}</code>. Open yours from the link you were sent, or type the address in.</p><small>You see this page because you opened the platform's own address, not a vault's.</small>`,
  );

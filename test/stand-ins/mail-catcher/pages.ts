import { html, type Html } from "../../../vault-template/http/html.ts";
import type { Message } from "./mailbox.ts";

export const inboxStyle = `
:root { color-scheme: light dark; --ground: #f5f6f8; --surface: #fff; --ink: #1b2230; --soft: #566072; --line: #dbe0e8; --accent: #1d4fa8; }
@media (prefers-color-scheme: dark) { :root { --ground: #12161d; --surface: #1b212b; --ink: #e9edf4; --soft: #a9b3c3; --line: #313a48; --accent: #9cc3ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; } a { color: var(--accent); } p { margin: .25rem 0 1rem; color: var(--soft); }
ol { list-style: none; margin: 1rem 0 0; padding: 0; background: var(--surface); border: 1px solid var(--line); border-radius: .8rem; overflow: hidden; }
li + li { border-top: 1px solid var(--line); } li a { display: block; padding: .8rem 1rem; color: inherit; text-decoration: none; } li a:hover { background: var(--ground); }
li b { display: block; color: var(--accent); } li span { color: var(--soft); font-size: .92rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: 1rem 0; } dt { color: var(--soft); } dd { margin: 0; }
pre, iframe { width: 100%; background: var(--surface); border: 1px solid var(--line); border-radius: .8rem; } pre { padding: 1rem; white-space: pre-wrap; font: inherit; margin: 0; } iframe { height: 30rem; background: #fff; color-scheme: light; }
form { margin: 0; } button { font: inherit; color: var(--accent); background: none; border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .9rem; cursor: pointer; }
.top { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem; align-items: start; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: -3px; }
`;

/** Asks every two seconds whether there is a new mail, and shows it. Without it the page works by reloading. */
export const inboxScript = `
const list = document.getElementById("mails");
let newest = list.dataset.newest;
setInterval(async () => {
  try {
    const found = await (await fetch("/api/newest")).json();
    if (found.newest === newest) return;
    newest = found.newest;
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    list.replaceChildren(...page.getElementById("mails").children);
  } catch { /* the next round tries again */ }
}, 2000);
`;

const frame = (title: string, body: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/inbox.css" />
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`.markup;

const time = (iso: string): Html => html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")} UTC</time>`;

const line = (message: Message): Html =>
  html`<li>
    <a href="/messages/${message.id}"
      ><b><bdi>${message.subject || "(no subject)"}</bdi></b
      ><span>to ${message.to.join(", ")} · ${time(message.receivedAt)}</span></a
    >
  </li>`;

/** The list, newest first. */
export const inboxPage = (messages: Message[], to: string | undefined): string =>
  frame(
    "Inbox",
    html`<div class="top">
        <h1>Inbox</h1>
        <form method="post" action="/clear"><button>Empty the inbox</button></form>
      </div>
      <p>
        ${
          to === undefined
            ? "Every mail that the demonstration sends ends here; none leaves this machine."
            : html`Mails to ${to}. <a href="/">Show all</a>`
        }
      </p>
      <ol id="mails" data-newest="${messages[0]?.id ?? ""}">
        ${messages.length === 0 ? html`<li><a href="/">Nothing yet. New mails appear by themselves.</a></li>` : messages.map(line)}
      </ol>
      <script src="/inbox.js"></script>`,
  );

/** Text with its addresses made clickable. */
const withLinks = (text: string): Html[] =>
  text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, index) =>
      index % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noreferrer">${part}</a>` : html`${part}`,
    );

/** One mail: as text, and as HTML in a frame that can run nothing and load nothing. */
export const messagePage = (message: Message): string =>
  frame(
    message.subject,
    html`<p><a href="/">← Inbox</a></p>
      <h1><bdi>${message.subject || "(no subject)"}</bdi></h1>
      <dl>
        <dt>From</dt>
        <dd>${message.from}</dd>
        <dt>To</dt>
        <dd>${message.to.join(", ")}</dd>
        <dt>Received</dt>
        <dd>${time(message.receivedAt)}</dd>
      </dl>
      ${
        message.html !== "" &&
        html`<h2>As HTML</h2>
          <iframe
            title="The mail as HTML"
            src="/messages/${message.id}/html"
            sandbox="allow-popups allow-popups-to-escape-sandbox"
          ></iframe>`
      }
      <h2>As text</h2>
      <pre>${withLinks(message.text)}</pre>`,
  );

/** The mail's own HTML, with links that open beside it. */
export const messageHtml = (message: Message): string => `<base target="_blank">${message.html}`;

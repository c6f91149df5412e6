import { type Response, Router } from "express";
import { notFound } from "../errors.ts";
import { html, type Html } from "../pages/html.ts";
import { sampleMails } from "./sample-mails.ts";

const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'self'";

const style = html`<style>
  body {
    font:
      16px/1.5 system-ui,
      sans-serif;
    max-width: 900px;
    margin: 2rem auto;
    padding: 0 1rem;
  }
  iframe {
    width: 100%;
    height: 560px;
    border: 1px solid #aaa;
  }
  pre {
    white-space: pre-wrap;
    border: 1px solid #aaa;
    padding: 1rem;
  }
</style>`;

const page = (title: string, body: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        ${style}
      </head>
      <body>
        <h1>${title}</h1>
        ${body}
      </body>
    </html>`.markup;

const send = (response: Response, markup: string): void => {
  const headers = { "Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store" };
  response.status(200).set(headers).type("html").send(markup);
};

/** Pages that show every mail as text and as HTML. For whoever writes them: mounted only where MAIL_PREVIEW asks for it. */
export const mailPreview = (publicUrl: string): Router => {
  const router = Router();
  const samples = sampleMails(publicUrl);
  const find = (name: string | undefined, locale: string | undefined) => {
    const found = samples.find((one) => one.name === name && one.locale === locale);
    if (!found) throw notFound("This mail");
    return found;
  };
  router.get("/dev/mails", (_request, response) => {
    const rows = samples.map(
      ({ name, locale, subject }) =>
        html`<li><a href="/dev/mails/${name}/${locale}">${name} (${locale})</a>: ${subject}</li>`,
    );
    send(
      response,
      page(
        "Mails",
        html`<ul>
          ${rows}
        </ul>`,
      ),
    );
  });
  router.get("/dev/mails/:name/:locale", ({ params }, response) => {
    const { name, locale, subject, text } = find(params.name, params.locale);
    const frame = html`<iframe title="As HTML" src="/dev/mails/${name}/${locale}/html"></iframe>`;
    send(
      response,
      page(
        subject,
        html`<p><a href="/dev/mails">All mails</a></p>
          ${frame}
          <pre>${text}</pre>`,
      ),
    );
  });
  router.get("/dev/mails/:name/:locale/html", ({ params }, response) =>
    send(response, find(params.name, params.locale).html),
  );
  return router;
};

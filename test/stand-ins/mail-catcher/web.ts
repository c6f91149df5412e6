import express, { type Express } from "express";
import type { Mailbox } from "./mailbox.ts";
import { inboxPage, inboxScript, inboxStyle, messageHtml, messagePage } from "./pages.ts";

const pagePolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'";
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox";

const recipient = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** The inbox for people, and the same as JSON for tests. */
export function inboxApp(mailbox: Mailbox): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use((_request, response, next) => {
    response.set({
      "Content-Security-Policy": pagePolicy,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    });
    next();
  });
  app.get("/", (request, response) => {
    const to = recipient(request.query["to"]);
    response.type("html").send(inboxPage(mailbox.list(to), to));
  });
  app.post("/clear", (_request, response) => {
    mailbox.clear();
    response.redirect(303, "/");
  });
  app.get("/messages/:id", (request, response, next) => {
    const message = mailbox.find(request.params.id);
    if (!message) {
      next();
      return;
    }
    response.type("html").send(messagePage(message));
  });
  app.get("/messages/:id/html", (request, response, next) => {
    const message = mailbox.find(request.params.id);
    if (!message) {
      next();
      return;
    }
    response.set("Content-Security-Policy", mailPolicy).type("html").send(messageHtml(message));
  });
  app.get("/inbox.css", (_request, response) => void response.type("css").send(inboxStyle));
  app.get("/inbox.js", (_request, response) => void response.type("js").send(inboxScript));
  app.get("/api/newest", (_request, response) => void response.json({ newest: mailbox.list()[0]?.id ?? "" }));
  app.get("/api/messages", (request, response) => void response.json(mailbox.list(recipient(request.query["to"]))));
  app.delete("/api/messages", (_request, response) => {
    mailbox.clear();
    response.status(204).end();
  });
  app.get("/healthz", (_request, response) => void response.json({ alive: true }));
  app.use((_request, response) => {
    response.status(404).type("text").send("There is no such mail any more. The inbox is at /\n");
  });
  return app;
}

import type { ErrorRequestHandler } from "express";
import type { Logger } from "pino";
import { toAppError } from "../http/problem.ts";
import { html } from "./html.ts";
import { sendPage } from "./send-page.ts";
import { wishesOf } from "./wishes.ts";
import { wordsIn } from "./words.ts";

/** Problems as pages, for whatever a person's browser goes to by itself. */
export const errorPage =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { problem } = toAppError(error);
    const requestId = String(response.getHeader("X-Request-Id"));
    if (problem.status >= 500) log.error({ err: error, requestId }, "a page failed");
    const wishes = wishesOf(request);
    const words = wordsIn(wishes.locale);
    const { title, text } = words.problems[problem.code] ?? { title: problem.title, text: problem.detail };
    if (problem.retryAfterSeconds !== undefined) response.set("Retry-After", String(problem.retryAfterSeconds));
    const body = html`<p>${text}</p>
      <p class="small soft">${words.requestNumber} ${requestId}</p>
      <a class="button" href="/">${words.toStart}</a>`;
    sendPage(response, problem.status, { ...wishes, title, body });
  };

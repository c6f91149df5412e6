import type { Request, Response } from "express";
import type { ProblemShape } from "../errors.ts";
import { html, type Html } from "./html.ts";
import { layout, type Choir } from "./layout.ts";
import { visitOf } from "./visit.ts";

/** Sends pages in this choir's frame. */
export interface Pages {
  send(request: Request, response: Response, page: { title: string; body: Html; current?: "home" | "members" }): void;
  sendProblem(request: Request, response: Response, problem: ProblemShape): void;
  choir: Choir;
}

const problemBody = (problem: ProblemShape): Html =>
  html`<div class="narrow">
    <div class="card">
      <h1>${problem.title}</h1>
      <p>${problem.detail}</p>
      <p><a class="button" href="/">To the front page</a></p>
    </div>
  </div>`;

/** `choirNow` is asked for each page, as a choir may be renamed or become read-only while the vault runs. */
export function pagesOf(choirNow: () => Choir): Pages {
  const write = (request: Request, response: Response, page: Parameters<Pages["send"]>[2], signedIn: boolean) => {
    const visit = signedIn ? visitOf(request) : null;
    const { member, formToken } = visit ?? { member: null, formToken: () => "" };
    // Rendered first: the form token may still set a cookie.
    const text = layout(choirNow(), { ...page, member, formToken });
    response.set("Cache-Control", "no-store").type("html").send(text);
  };
  return {
    get choir() {
      return choirNow();
    },
    send: (request, response, page) => write(request, response, page, true),
    // Without the member's menu: whatever failed may be what the menu needs.
    sendProblem: (request, response, problem) =>
      write(request, response, { title: problem.title, body: problemBody(problem) }, false),
  };
}

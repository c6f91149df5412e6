import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { localHttp } from "./local-http.ts";

/** One person's browser at the console: keeps its cookies and sends what the console's own pages send. */
export interface ApiBrowser {
  /** Asks the API and reads its answer. @throws Error with the API's own words when it refuses */
  get<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape>>;
  post<Shape extends z.ZodType>(path: string, body: unknown, shape: Shape): Promise<z.output<Shape>>;
  /** The token of GET /api/me, which goes with every change from then on. */
  useCsrfToken(token: string): void;
}

/** How often an API that is not there yet is asked again, and after how many milliseconds. */
const patience = { tries: 40, pauseMs: 250 };

const isAway = (status: number): boolean => status === 502 || status === 503 || status === 504;

export const createApiBrowser = (consoleUrl: string): ApiBrowser => {
  const cookies = new Map<string, string>();
  let csrfToken: string | undefined;

  const keep = (setCookie: string | string[] | undefined): void => {
    for (const cookie of [setCookie ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
  };

  const ask = async <Shape extends z.ZodType>(
    method: string,
    path: string,
    shape: Shape,
    body?: unknown,
  ): Promise<z.output<Shape>> => {
    const headers = {
      Accept: "application/json",
      Origin: consoleUrl,
      ...(cookies.size > 0 && { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") }),
      ...(csrfToken !== undefined && { "X-CSRF-Token": csrfToken }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
    };
    const request = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    let answer = await localHttp(`${consoleUrl}${path}`, request);
    // A gateway that has just started asks its Service a moment too early; nothing has been done then.
    for (let tries = 0; isAway(answer.status) && tries < patience.tries; tries += 1) {
      await sleep(patience.pauseMs);
      answer = await localHttp(`${consoleUrl}${path}`, request);
    }
    if (answer.status >= 300)
      throw new Error(`${method} ${consoleUrl}${path} answered ${String(answer.status)}: ${answer.body}`);
    keep(answer.headers["set-cookie"]);
    return shape.parse(JSON.parse(answer.body));
  };

  return {
    get: (path, shape) => ask("GET", path, shape),
    post: (path, body, shape) => ask("POST", path, shape, body),
    useCsrfToken: (token) => {
      csrfToken = token;
    },
  };
};

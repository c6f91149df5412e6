import type { ErrorRequestHandler, Response } from "express";
import type { Logger } from "pino";
import { problemTypeBase } from "../contract/problems.ts";
import { AppError, problem, type ProblemWords, unavailable } from "../errors.ts";

// The registry is away: refused, starting, stopping, too many connections, no connection in time.
const away = /^(ECONN|ETIMEDOUT|ENOTFOUND|EPIPE|EAI_AGAIN|57P0[123]|53300|08)/;

const isAway = (error: unknown): boolean => {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  if (typeof code === "string" && away.test(code)) return true;
  if (name === "KnexTimeoutError" || name === "TimeoutError") return true;
  return typeof message === "string" && /^(Connection terminated|timeout expired|Query read timeout)/.test(message);
};

const parserErrors: Record<string, ProblemWords> = {
  "entity.too.large": {
    code: "too-large",
    detail: "Send at most 100 kB at once.",
  },
  "charset.unsupported": {
    code: "unsupported-media-type",
    detail: "Send JSON in UTF-8.",
  },
  "encoding.unsupported": {
    code: "unsupported-media-type",
    detail: "Send JSON that is not compressed.",
  },
};

/** Whatever was thrown, as what is to be answered. */
export const toAppError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (isAway(error)) return unavailable(error);
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown };
  const known = typeof type === "string" ? parserErrors[type] : undefined;
  if (known) return new AppError(known, { cause: error });
  if (typeof status === "number" && status >= 400 && status < 500)
    return problem("malformed", "Send well-formed JSON in UTF-8.");
  return new AppError(
    {
      code: "unexpected",
      detail: "This is our mistake, not yours. Try again; if it stays, tell the platform's support the request id.",
    },
    { cause: error },
  );
};

export const sendProblem = (response: Response, { problem }: AppError, requestId: string): void => {
  const { status, code, title, detail, errors, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) response.set("Retry-After", String(retryAfterSeconds));
  response
    .status(status)
    .set("Cache-Control", "no-store")
    .type("application/problem+json")
    .send(JSON.stringify({ type: problemTypeBase + code, title, status, detail, errors, requestId }));
};

/** The one place where errors become answers. */
export const errorHandler =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    const requestId = String(response.getHeader("X-Request-Id") ?? "");
    const known = toAppError(error);
    if (known.problem.status >= 500) log.error({ err: error, requestId }, "a request failed");
    if (response.headersSent) next(error);
    else sendProblem(response, known, requestId);
  };

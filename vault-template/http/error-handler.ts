import type { ErrorRequestHandler, Request, Response } from "express";
import { databaseTrouble } from "../db/database-errors.ts";
import { AppError, beingUpgraded, databaseAway, problemTypeBase, readOnly } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Pages } from "./pages.ts";

// What express and its body parsers throw: an http status in `status`, fit to show when under 500.
const clientMistake = (error: unknown): AppError | null => {
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status !== "number" || status < 400 || status > 499) return null;
  const detail =
    status === 413
      ? "What was sent is too large."
      : "The request could not be understood. Go back, reload and try again.";
  return new AppError({ status, code: "bad-request", title: "That did not work", detail }, { cause: error });
};

const unexpected = (error: unknown, requestId: string): AppError =>
  new AppError(
    {
      status: 500,
      code: "unexpected",
      title: "Something went wrong",
      detail: `This is our mistake, not yours. Try again; if it stays, tell the choir's admin this number: ${requestId}`,
    },
    { cause: error },
  );

/** Any error as the problem it is to the visitor. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error;
  const trouble = databaseTrouble(error);
  if (trouble === "read-only") return readOnly(error);
  if (trouble === "away") return databaseAway(error);
  if (trouble === "not-migrated") return beingUpgraded(error);
  return clientMistake(error) ?? unexpected(error, requestId);
}

/** Sends application/problem+json as RFC 9457 has it. */
export function sendProblemJson(response: Response, { problem }: AppError, requestId: string): void {
  const { code, title, status, detail, errors } = problem;
  response
    .set("Cache-Control", "no-store")
    .type("application/problem+json")
    .send(JSON.stringify({ type: problemTypeBase + code, title, status, detail, errors, requestId }));
}

const wantsPage = (request: Request): boolean =>
  !request.path.startsWith("/api/") && request.path !== "/api" && request.accepts(["html", "json"]) !== "json";

/** The one place where errors become answers: a page for people, a problem document for programs. */
export function errorHandler(pages: Pages, log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const requestId = String(response.getHeader("X-Request-Id") ?? "");
    const known = toAppError(error, requestId);
    const { status, retryAfterSeconds } = known.problem;
    if (status >= 500) log.error("a request failed", { requestId, method: request.method, status, error: known });
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(status);
    if (retryAfterSeconds !== undefined) response.set("Retry-After", String(retryAfterSeconds));
    if (wantsPage(request)) pages.sendProblem(request, response, known.problem);
    else sendProblemJson(response, known, requestId);
  };
}

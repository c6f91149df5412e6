import type { ProblemCode } from "./contract/problem-codes.ts";

/** One thing wrong in what was sent. `pointer` is a JSON pointer into the body, or the name of a parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
  /** Set where there is something better to offer, for example other slugs. */
  readonly suggestions?: readonly string[] | undefined;
}

/** A problem as RFC 9457 has it, before it becomes an answer. */
export interface Problem {
  readonly status: number;
  /** Stable; the type is this code under https://polyphony.dev/problems/. */
  readonly code: ProblemCode;
  readonly title: string;
  /** What happened and what to do next, for a person. */
  readonly detail: string;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** An error whose answer is known. Everything else is a mistake of ours and answers 500. */
export class AppError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = "AppError";
    this.problem = problem;
  }
}

export const notFound = (what = "What you asked for"): AppError =>
  new AppError({
    status: 404,
    code: "not-found",
    title: "Not found",
    detail: `${what} does not exist, or you may not see it. Check the address, or log in with another account.`,
  });

export const unauthenticated = (): AppError =>
  new AppError({ status: 401, code: "login-needed", title: "Log in first", detail: "Log in and try again." });

export const forbidden = (detail: string): AppError =>
  new AppError({ status: 403, code: "not-allowed", title: "That is not yours to do", detail });

export const conflict = (code: ProblemCode, detail: string, errors?: readonly FieldError[]): AppError =>
  new AppError({ status: 409, code, title: "That is in the way of something else", detail, errors });

export const invalid = (errors: readonly FieldError[], code: ProblemCode = "invalid-input"): AppError =>
  new AppError({
    status: 422,
    code,
    title: "Something in it is not right",
    detail: errors.map(({ detail }) => detail).join(" "),
    errors,
  });

export const badRequest = (detail: string, code: ProblemCode): AppError =>
  new AppError({ status: 400, code, title: "That could not be understood", detail });

export const tooMany = (retryAfterSeconds: number): AppError =>
  new AppError({
    status: 429,
    code: "too-many-requests",
    title: "Too many tries",
    detail: `Wait ${String(retryAfterSeconds)} seconds, then try again.`,
    retryAfterSeconds,
  });

export const unavailable = (cause: unknown): AppError =>
  new AppError(
    {
      status: 503,
      code: "not-available",
      title: "Not available for a moment",
      detail: "A part of the platform does not answer. Nothing was changed; try again in a moment.",
      retryAfterSeconds: 5,
    },
    { cause },
  );

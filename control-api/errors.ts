import { type ProblemCode, problems } from "./contract/problems.ts";

/** One thing wrong in what was sent. `pointer` is a JSON pointer into the body, or the name of a parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
  /** Set where there is something better to offer, for example other slugs. */
  readonly suggestions?: readonly string[] | undefined;
}

/** What is said of a problem beside its code, from which status and title follow. */
export interface ProblemWords {
  readonly code: ProblemCode;
  /** What happened and what to do next, for a person. */
  readonly detail: string;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** A problem as RFC 9457 has it, before it becomes an answer. */
export interface Problem extends ProblemWords {
  readonly status: number;
  readonly title: string;
}

/** An error whose answer is known. Everything else is a mistake of ours and answers 500. */
export class AppError extends Error {
  readonly problem: Problem;
  constructor(words: ProblemWords, options?: ErrorOptions) {
    super(words.detail, options);
    this.name = "AppError";
    this.problem = { ...problems[words.code], ...words };
  }
}

export const problem = (code: ProblemCode, detail: string, errors?: readonly FieldError[]): AppError =>
  new AppError({ code, detail, errors });

export const notFound = (what = "What you asked for"): AppError =>
  problem(
    "not-found",
    `${what} does not exist, or you may not see it. Check the address, or log in with another account.`,
  );

export const unauthenticated = (): AppError => problem("login-needed", "Log in and try again.");

export const forbidden = (detail: string): AppError => problem("not-allowed", detail);

export const invalid = (errors: readonly FieldError[], code: ProblemCode = "invalid-input"): AppError =>
  problem(code, errors.map(({ detail }) => detail).join(" "), errors);

export const tooMany = (retryAfterSeconds: number): AppError =>
  new AppError({
    code: "too-many-requests",
    detail: `Wait ${String(retryAfterSeconds)} seconds, then try again.`,
    retryAfterSeconds,
  });

export const unavailable = (cause: unknown): AppError =>
  new AppError(
    {
      code: "not-available",
      detail: "A part of the platform does not answer. Nothing was changed; try again in a moment.",
      retryAfterSeconds: 5,
    },
    { cause },
  );

/** What a problem document says (RFC 9457), and the headers that go with it. */
export interface ProblemShape {
  status: number;
  /** Last part of the problem's type, stable: programs may switch on it. */
  code: string;
  title: string;
  /** For a person: what happened and what to do next. */
  detail: string;
  retryAfterSeconds?: number;
  /** RFC 9457 extension: which input was wrong. */
  errors?: { pointer: string; detail: string }[];
}

/** The one error the vault throws on purpose; the error handler turns it into a page or a problem document. */
export class AppError extends Error {
  readonly problem: ProblemShape;

  constructor(problem: ProblemShape, options?: { cause?: unknown }) {
    super(`${problem.title}: ${problem.detail}`, options);
    this.name = "AppError";
    this.problem = problem;
  }
}

export const problemTypeBase = "https://polyphony.dev/problems/";

export const notFound = (
  detail = "There is nothing at this address. Check it, or start from the front page.",
): AppError => new AppError({ status: 404, code: "not-found", title: "Not found", detail });

export const loginNeeded = (): AppError =>
  new AppError({
    status: 401,
    code: "login-needed",
    title: "Please log in",
    detail: "Only members see this. Ask for a login link on the front page.",
  });

export const notAllowed = (detail: string): AppError =>
  new AppError({ status: 403, code: "not-allowed", title: "Not allowed", detail });

export const invalidInput = (pointer: string, detail: string): AppError =>
  new AppError({
    status: 422,
    code: "invalid-input",
    title: "Something needs correcting",
    detail,
    errors: [{ pointer, detail }],
  });

export const linkIsSpent = (detail: string): AppError =>
  new AppError({ status: 410, code: "link-is-spent", title: "This link no longer works", detail });

export const tooMany = (detail: string, retryAfterSeconds: number): AppError =>
  new AppError({ status: 429, code: "too-many-requests", title: "One moment, please", detail, retryAfterSeconds });

export const conflict = (code: string, title: string, detail: string): AppError =>
  new AppError({ status: 409, code, title, detail });

export const readOnly = (cause?: unknown): AppError =>
  new AppError(
    {
      status: 403,
      code: "read-only",
      title: "This vault is read-only",
      detail:
        "You can read and export everything, but nothing can be changed for now. The banner on each page says why; the choir's owner can have it lifted.",
    },
    { cause },
  );

export const databaseAway = (cause?: unknown): AppError =>
  new AppError(
    {
      status: 503,
      code: "database-away",
      title: "Back in a moment",
      detail: "The vault cannot reach its database right now. Nothing is lost; please try again in a few seconds.",
      retryAfterSeconds: 5,
    },
    { cause },
  );

export const beingUpgraded = (cause?: unknown): AppError =>
  new AppError(
    {
      status: 503,
      code: "being-upgraded",
      title: "Being upgraded",
      detail: "The vault's database is being brought to this release. Please try again in a minute.",
      retryAfterSeconds: 30,
    },
    { cause },
  );

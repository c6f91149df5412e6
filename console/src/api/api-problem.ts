import { z } from "zod";

const Problem = z.object({
  type: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string(), suggestions: z.array(z.string()).optional() }))
    .optional(),
});

/** What one field of a form should be told. `pointer` is a JSON pointer into the body. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
  readonly suggestions?: readonly string[] | undefined;
}

interface ProblemContext {
  readonly requestId?: string | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  readonly cause?: unknown;
}

/**
 * An answer that is not what was asked for (RFC 9457). Without any answer `status` is 0 and `code` "unreachable"; for one
 * that is not of the API, `code` is "unreadable".
 */
export class ApiProblem extends Error {
  readonly status: number;
  /** Stable: the last part of the problem's type. */
  readonly code: string;
  readonly requestId: string | undefined;
  readonly fields: readonly FieldProblem[];

  constructor(status: number, code: string, detail: string, more: ProblemContext = {}) {
    super(detail, { cause: more.cause });
    this.name = "ApiProblem";
    this.status = status;
    this.code = code;
    this.requestId = more.requestId;
    this.fields = more.fields ?? [];
  }

  /** What is said about one field, for example "/slug". */
  field(pointer: string): FieldProblem | undefined {
    return this.fields.find((field) => field.pointer === pointer);
  }
}

/** The problem in an answer, whatever stands between us and the API. */
export const problemOf = async (response: Response): Promise<ApiProblem> => {
  const parsed = Problem.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) return new ApiProblem(response.status, "unreadable", "");
  const { type, detail, requestId, errors } = parsed.data;
  const code = type.slice(type.lastIndexOf("/") + 1);
  return new ApiProblem(response.status, code, detail, { requestId, fields: errors });
};

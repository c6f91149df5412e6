import { z } from "zod";
import type { RouteContract } from "../../control-api/contract/route-contract.ts";
import { CliError, conflict, failed, noAccess, notFound, type Advice } from "../cli-error.ts";

/** What the API answers when it does not do something (RFC 9457). */
const Problem = z.object({
  type: z.string(),
  title: z.string(),
  detail: z.string(),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string(), suggestions: z.array(z.string()).optional() }))
    .optional(),
  requestId: z.string().optional(),
});
type Problem = z.infer<typeof Problem>;

export type Refusal = { readonly status: number; readonly text: string; readonly requestId: string | null };

/** A refusal of the API, as a person gets it. */
export class ApiError extends CliError {
  /** The end of the problem's type, for example `version-changed`; "" for an answer that is none of the API's. */
  readonly problem: string;
  readonly status: number;
  constructor(base: CliError, problem: string, status: number) {
    super(base.code, base.message, { hints: base.hints, ...(base.next === undefined ? {} : { next: base.next }) });
    this.problem = problem;
    this.status = status;
  }
}

const read = (text: string): Problem | undefined => {
  try {
    return Problem.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

type Field = NonNullable<Problem["errors"]>[number];

const freeOf = ({ suggestions = [] }: Field): string[] =>
  suggestions.length > 0 ? [`Free: ${suggestions.join(", ")}`] : [];

const nameOf = ({ pointer }: Field): string => pointer.replace(/^\//, "").replaceAll("/", ".");

/** The fields that are wrong, and what would be right. A single one is told by the problem itself. */
const linesOf = (fields: readonly Field[]): string[] => {
  const [only] = fields;
  if (fields.length === 1 && only) return freeOf(only);
  return fields.flatMap((field) => [`${nameOf(field)}: ${field.detail}`, ...freeOf(field)]);
};

const causesByStatus: Readonly<Record<number, (message: string, advice: Advice) => CliError>> = {
  401: noAccess,
  403: noAccess,
  404: notFound,
  409: conflict,
  412: conflict,
};

/** Where only an organization can be what is missing. */
const isOfOrganization = (path: string): boolean =>
  /^\/api\/(organizations\/\{slug\}[^{]*|affiliation-(requests|invitations))$/.test(path);

/** The API says no more to those who are not of the staff than that there is no such thing. */
const isForStaff = ({ allow }: RouteContract, status: number): boolean =>
  allow.who === "platform" && [403, 404].includes(status);

const nextOf = (contract: RouteContract, status: number): string | undefined => {
  if (status === 404 && isOfOrganization(contract.path)) return "org ls";
  return isForStaff(contract, status) ? "whoami" : undefined;
};

const adviceFor = (
  contract: RouteContract,
  { status, requestId }: Refusal,
  problem: Problem | undefined,
  loginAdvice: Advice,
): Advice => {
  const id = problem?.requestId ?? requestId;
  const hints = [
    ...(status === 401 ? (loginAdvice.hints ?? []) : []),
    ...linesOf(problem?.errors ?? []),
    ...(isForStaff(contract, status) && problem
      ? ["Only the platform's staff see it; if you are of them, there is none."]
      : []),
    ...(id === null || id === "" ? [] : [`Request id: ${id}`]),
  ];
  const known = status === 401 ? loginAdvice.next : nextOf(contract, status);
  const next = problem || status === 401 ? known : "context ls";
  return { hints, ...(next === undefined ? {} : { next }) };
};

/** The API's refusal with its exit code: 4 for 401 and 403, 3 for 404, 5 for 409 and 412, else 1. */
export const refusalOf = (contract: RouteContract, refusal: Refusal, loginAdvice: Advice): ApiError => {
  const { status } = refusal;
  const problem = read(refusal.text);
  const message =
    status === 401
      ? "You are not logged in, or your login has ended."
      : (problem?.detail ?? `The control API answered ${status} and did not say why. Is this its address?`);
  const say = causesByStatus[status] ?? failed;
  const base = say(message, adviceFor(contract, refusal, problem, loginAdvice));
  return new ApiError(base, problem?.type.split("/").at(-1) ?? "", status);
};

import type { z } from "zod";
import { type FieldError, invalid, problem } from "../errors.ts";

const deepest = 20;

const isTooDeep = (value: unknown, left = deepest): boolean =>
  typeof value === "object" &&
  value !== null &&
  (left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1)));

const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const sentence = (issue: z.core.$ZodIssue): string => {
  if (issue.code === "unrecognized_keys")
    return `Leave out ${issue.keys.map((key) => `"${key}"`).join(", ")}: not known here.`;
  const where = issue.path.length > 0 ? `${issue.path.map(String).join(".")}: ` : "";
  return /^Invalid (input|option)/.test(issue.message) ? `${where}${issue.message}.` : issue.message;
};

const fieldErrors = (error: z.ZodError): FieldError[] =>
  error.issues.map((issue) => ({ pointer: pointerTo(issue.path), detail: sentence(issue) }));

/** A JSON body by its schema: 400 for what is no object we read, 422 with a pointer per field for what does not fit. */
export const parseBody = (schema: z.ZodType, body: unknown): unknown => {
  if (body === undefined) throw problem("malformed", "Send JSON, with Content-Type application/json.");
  if (isTooDeep(body)) throw problem("malformed", `Send JSON that is at most ${String(deepest)} levels deep.`);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalid(fieldErrors(parsed.error));
};

/** Parameters of path or query: 400 when they do not fit, as nobody types them into a form. */
export const parseParameters = (schema: z.ZodType, values: unknown): unknown => {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const details = fieldErrors(parsed.error).map(({ detail }) => detail);
  throw problem("invalid-parameter", details.join(" "));
};

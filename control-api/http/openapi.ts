import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { type ProblemCode, problems, problemTypeBase } from "../contract/problems.ts";
import type { Allow, RouteContract } from "../contract/route-contract.ts";
import { cookieName } from "./cookies.ts";

const Problem = z
  .object({
    type: z.string().meta({ description: `Stable; begins with ${problemTypeBase}.` }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "What happened and what to do next, for a person." }),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string(), suggestions: z.array(z.string()).optional() }))
      .optional(),
    requestId: z.string(),
  })
  .meta({ id: "Problem" });

const may: Record<Allow["who"], string> = {
  anyone: "Anyone.",
  person: "Whoever is logged in.",
  organization: "Members of the organization",
  platform: "The platform's staff",
};

const whoMay = (allow: Allow): string =>
  "atLeast" in allow ? `${may[allow.who]}, at least ${allow.atLeast}.` : may[allow.who];

/** What a route may answer with because of what it takes and who may call it, beside what is its own. */
const codesOf = ({ allow, params, query, body, idempotent, problems: own = [] }: RouteContract): ProblemCode[] => [
  ...own,
  ...(params || query ? (["invalid-parameter"] as const) : []),
  ...(query && "cursor" in query.shape ? (["invalid-cursor"] as const) : []),
  ...(body ? (["malformed", "too-large", "unsupported-media-type", "invalid-input"] as const) : []),
  ...(idempotent ? (["invalid-idempotency-key", "in-progress", "idempotency-key-reused"] as const) : []),
  ...(allow.who === "anyone" ? [] : (["login-needed"] as const)),
  ...(params || allow.who !== "anyone" ? (["not-found"] as const) : []),
  "not-allowed",
  "too-many-requests",
  "not-available",
];

const problemsOf = (contract: RouteContract) => {
  const byStatus = Map.groupBy(codesOf(contract), (code) => problems[code].status);
  const answers = [...byStatus].map(([status, codes]) => {
    const description = codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" ");
    return [String(status), { description, content: { "application/problem+json": { schema: Problem } } }];
  });
  return Object.fromEntries(answers) as ZodOpenApiOperationObject["responses"];
};

const answer = ({ reply, download }: RouteContract) => {
  if (download) {
    const schema = { type: "string" } as const;
    return { description: "The file.", content: Object.fromEntries(download.map((type) => [type, { schema }])) };
  }
  return reply
    ? { description: "Done.", content: { "application/json": { schema: reply } } }
    : { description: "Done; there is nothing to say." };
};

const headersOf = ({ idempotent, problems: own = [] }: RouteContract) => {
  const headers = {
    ...(idempotent && { "Idempotency-Key": z.string().min(1).max(255).optional() }),
    ...(own.includes("version-changed") && {
      "If-Match": z.string().optional().meta({ description: "The ETag of what was read: 412 when it changed since." }),
    }),
  };
  return Object.keys(headers).length > 0 ? { header: z.object(headers) } : {};
};

const operation = (contract: RouteContract): ZodOpenApiOperationObject => {
  const { summary, tag, allow, params, query, body, status, idempotent } = contract;
  return {
    summary,
    description: `${whoMay(allow)}${idempotent ? " With an Idempotency-Key it is done once." : ""}`,
    tags: [tag],
    security: allow.who === "anyone" ? [] : [{ session: [] }],
    requestParams: { ...(params && { path: params }), ...(query && { query }), ...headersOf(contract) },
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: {
      [String(status) as "200"]: answer(contract),
      ...problemsOf(contract),
    },
  };
};

/** The OpenAPI document of these routes, from the very schemas that parse requests. */
export const openApiDocument = (contracts: readonly RouteContract[], publicUrl: string) => {
  const paths: ZodOpenApiPathsObject = {};
  for (const contract of contracts) {
    paths[contract.path] = { ...paths[contract.path], [contract.method]: operation(contract) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title: "Polyphony", version: "v1", description: "Organizations, their affiliations and their vaults." },
    servers: [{ url: publicUrl }],
    components: {
      securitySchemes: { session: { type: "apiKey", in: "cookie", name: cookieName(publicUrl, "session") } },
    },
    paths,
  });
};

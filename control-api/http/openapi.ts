import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Allow, RouteContract } from "../contract/route-contract.ts";
import { cookieName } from "./cookies.ts";
import { problemTypeBase } from "./problem.ts";

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

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: Problem } },
});

const problemsOf = ({ allow, body, params, query, idempotent, problems = [] }: RouteContract) => ({
  ...(params || query || body ? { "400": problem("It could not be understood.") } : {}),
  ...(allow.who === "anyone" ? {} : { "401": problem("Nobody is logged in.") }),
  "403": problem("Not yours to do, or sent from another site."),
  ...(params || allow.who !== "anyone" ? { "404": problem("Not there, or not yours to see.") } : {}),
  ...(problems.length > 0 || idempotent
    ? { "409": problem(`In the way of something else. ${problems.join(", ")}`.trim()) }
    : {}),
  ...(body
    ? { "413": problem("Too large."), "415": problem("Not JSON."), "422": problem("A field is not right.") }
    : {}),
  "429": problem("Too many tries; Retry-After says how long to wait."),
  "503": problem("A part of the platform does not answer."),
});

const answer = ({ reply, download }: RouteContract) => {
  if (download) {
    const schema = { type: "string" } as const;
    return { description: "The file.", content: Object.fromEntries(download.map((type) => [type, { schema }])) };
  }
  return reply
    ? { description: "Done.", content: { "application/json": { schema: reply } } }
    : { description: "Done; there is nothing to say." };
};

const operation = (contract: RouteContract): ZodOpenApiOperationObject => {
  const { summary, tag, allow, params, query, body, status, idempotent } = contract;
  const key = z.object({ "Idempotency-Key": z.string().min(1).max(255).optional() });
  return {
    summary,
    description: `${whoMay(allow)}${idempotent ? " With an Idempotency-Key it is done once." : ""}`,
    tags: [tag],
    security: allow.who === "anyone" ? [] : [{ session: [] }],
    requestParams: { ...(params && { path: params }), ...(query && { query }), ...(idempotent && { header: key }) },
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

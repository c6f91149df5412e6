import { Router, type Request, type RequestHandler, type Response } from "express";
import type { RouteContract } from "../contract/route-contract.ts";
import { problem } from "../errors.ts";
import type { Services } from "../services.ts";
import { authorize, type AuthorizeDeps, identify } from "./authorize.ts";
import { addressOf, charge } from "./charge.ts";
import type { Cookies } from "./cookies.ts";
import type { Asking } from "./call.ts";
import type { Call, Route } from "./define-route.ts";
import type { Idempotency } from "./idempotency.ts";
import { parseBody, parseParameters } from "./parse-input.ts";
import { sendDownload } from "./send-download.ts";
import { sendEvents } from "./send-events.ts";
import type { RateLimits } from "./rate-limits.ts";
import { senderFor } from "./sender.ts";

export interface MountDeps {
  readonly authorize: AuthorizeDeps;
  readonly cookies: Cookies;
  readonly limits: RateLimits;
  readonly idempotency: Idempotency;
  readonly services: Services;
}

const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");

/** Who is asking, once the request is taken from their budget; who proves to be nobody is taken from their address's. */
const identified = async (
  { contract }: Route,
  request: Request,
  response: Response,
  { limits, authorize: deps }: MountDeps,
): Promise<Asking | null> => {
  const pay = (asking: Asking | null) =>
    charge(limits, contract.limit, { request, response, person: asking?.person ?? null });
  const asking = await identify(request, contract.allow, deps).catch(async (error: unknown) => {
    await pay(null);
    throw error;
  });
  await pay(asking);
  return asking;
};

const versionSeen = ({ problems = [] }: RouteContract, request: Request): number | undefined => {
  const header = request.headers["if-match"];
  if (!problems.includes("version-changed") || header === undefined || header === "*") return undefined;
  const found = /^"(\d{1,9})"$/.exec(header)?.[1];
  if (found !== undefined) return Number(found);
  throw problem("version-changed", "Send in If-Match the ETag that came with what you read.");
};

const callOf = (
  { contract }: Route,
  request: Request,
  response: Response,
  asking: Asking | null,
  { cookies }: MountDeps,
): Call<Route["contract"]> =>
  ({
    params: contract.params ? parseParameters(contract.params, request.params) : undefined,
    query: contract.query ? parseParameters(contract.query, request.query) : undefined,
    body: contract.body ? parseBody(contract.body, request.body) : undefined,
    person: asking?.person ?? null,
    membership: asking?.membership ?? null,
    ifMatch: versionSeen(contract, request),
    requestId: String(response.getHeader("X-Request-Id")),
    address: addressOf(request),
    userAgent: (request.headers["user-agent"] ?? "").slice(0, 400),
    browser: cookies.read(request, "browser"),
    sender: senderFor(response, cookies),
  }) as Call<Route["contract"]>;

const handlerOf =
  (route: Route, deps: MountDeps): RequestHandler =>
  async (request, response) => {
    const { contract, handle, follow, download } = route;
    const asking = await identified(route, request, response, deps);
    authorize(request, contract.allow, asking, deps.authorize);
    const call = callOf(route, request, response, asking, deps);
    if (download) {
      await sendDownload(response, download(call, deps.services));
      return;
    }
    if (follow && request.accepts(["application/json", "text/event-stream"]) === "text/event-stream") {
      const events = (signal: AbortSignal) => follow(call, deps.services, signal);
      await sendEvents(response, events, (event) => contract.reply?.parse(event));
      return;
    }
    const work = async () => ({ status: contract.status, reply: await handle(call, deps.services) });
    const key = contract.idempotent === true ? request.headers["idempotency-key"] : undefined;
    const scope = `${asking?.person.id ?? addressOf(request)} ${contract.method} ${contract.path}`;
    const asked = { params: call.params, body: call.body };
    const answer = typeof key === "string" ? await deps.idempotency.once(scope, key, asked, work) : await work();
    if (response.headersSent) return;
    response.set("Cache-Control", "no-store").status(answer.status);
    if (contract.reply) response.json(contract.reply.parse(answer.reply));
    else response.end();
  };

const wrongMethod =
  (allowed: string): RequestHandler =>
  (request, response) => {
    response.set("Allow", allowed);
    throw problem("method-not-allowed", `${request.method} is not offered here. Use ${allowed}.`);
  };

/** All routes, and for each path an answer to the methods it does not have. */
export const mount = (routes: readonly Route[], deps: MountDeps): Router => {
  const router = Router({ caseSensitive: true, strict: true });
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    const path = expressPath(route.contract.path);
    router[route.contract.method](path, handlerOf(route, deps));
    methods.set(path, [...(methods.get(path) ?? []), route.contract.method.toUpperCase()]);
  }
  for (const [path, names] of methods) {
    const allowed = [...names, ...(names.includes("GET") ? ["HEAD"] : [])].join(", ");
    router.all(path, wrongMethod(allowed));
  }
  return router;
};

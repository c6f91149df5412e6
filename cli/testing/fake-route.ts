import { z } from "zod";
import type { RouteContract } from "../../control-api/contract/route-contract.ts";
import type { Input } from "../api/api.ts";

/** A refusal of the fake, as the API words it. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: string;
  readonly errors: readonly { pointer: string; detail: string; suggestions?: string[] }[] | undefined;
  constructor(status: number, problem: string, detail: string, errors?: Refused["errors"]) {
    super(detail);
    this.status = status;
    this.problem = problem;
    this.errors = errors;
  }
}

/** A parsed call: what was sent has passed the contract's own schemas. */
export type FakeCall<C extends RouteContract> = Input<C> & { person: string | undefined };
export type FakeRoute = {
  contract: RouteContract;
  handle: (call: { person: string | undefined } & Record<string, unknown>) => unknown;
};

/** A route without a reply may end with anything; it is not sent. */
type Answer<S> = S extends z.ZodType ? z.input<S> : unknown;

/** One route of a fake; its reply passes the contract too, so that the fake cannot drift from it. */
export const fakeRoute = <const C extends RouteContract>(
  contract: C,
  handle: (call: FakeCall<C>) => Answer<C["reply"]>,
): FakeRoute => ({ contract, handle: handle as unknown as FakeRoute["handle"] });

/** A route that answers with a file. */
export const fakeDownload = <const C extends RouteContract>(
  contract: C,
  handle: (call: FakeCall<C>) => string,
): FakeRoute => ({ contract, handle: handle as unknown as FakeRoute["handle"] });

const patternOf = ({ path }: RouteContract): RegExp => new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);

export type FakeRequest = { method: string; url: URL; headers: Readonly<Record<string, string>>; body?: string };

const problemReply = (refused: Refused): Response => {
  const { status, problem, message: detail, errors } = refused;
  const type = `https://polyphony.dev/problems/${problem}`;
  const body = { type, title: "", status, detail, errors, requestId: "req-0001" };
  return Response.json(body, { status, headers: { "Content-Type": "application/problem+json" } });
};

const notValid = ({ issues }: z.ZodError): Refused => {
  const errors = issues.map(({ path, message }) => ({ pointer: `/${path.join("/")}`, detail: message }));
  return new Refused(422, "invalid-input", issues.map(({ message }) => message).join(" "), errors);
};

const parsedCall = (contract: RouteContract, params: unknown, { url, body }: FakeRequest) => ({
  ...(contract.params ? { params: contract.params.parse(params) } : {}),
  ...(contract.query ? { query: contract.query.parse(Object.fromEntries(url.searchParams)) } : {}),
  ...(contract.body ? { body: contract.body.parse(body === undefined ? undefined : JSON.parse(body)) } : {}),
});

/** Answers a request by the first route that is meant, as the API would. */
export const answerBy = (
  routes: readonly FakeRoute[],
  personOf: (token: string) => string | undefined,
  request: FakeRequest,
): Response => {
  for (const { contract, handle } of routes) {
    const found = patternOf(contract).exec(request.url.pathname);
    if (!found || contract.method.toUpperCase() !== request.method) continue;
    try {
      const bearer = /^Bearer (.*)$/.exec(request.headers["Authorization"] ?? "")?.[1];
      const person = bearer === undefined ? undefined : personOf(bearer);
      if (contract.allow.who !== "anyone" && person === undefined)
        throw new Refused(401, "login-needed", "Log in and try again.");
      const reply = handle({ ...parsedCall(contract, found.groups, request), person });
      if (typeof reply === "string") return new Response(reply, { status: 200 });
      if (!contract.reply) return new Response(null, { status: contract.status });
      const shaped = contract.reply.parse(reply);
      if (request.headers["Accept"] !== "text/event-stream") return Response.json(shaped, { status: contract.status });
      return new Response(`id: 1\ndata: ${JSON.stringify(shaped)}\n\n`, { status: 200 });
    } catch (error) {
      if (error instanceof Refused) return problemReply(error);
      if (error instanceof z.ZodError) return problemReply(notValid(error));
      throw error;
    }
  }
  return new Response("<!doctype html>", { status: 404 });
};

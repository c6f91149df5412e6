import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { RouteContract } from "../../control-api/contract/route-contract.ts";
import { type Advice, CliError, failed } from "../cli-error.ts";
import type { Fetch } from "../session.ts";
import { version } from "../version.ts";
import { refusalOf } from "./problem.ts";
import { serverEvents } from "./server-events.ts";
import { unreachable } from "./unreachable.ts";

type Part<C extends RouteContract, K extends "params" | "query" | "body"> = C[K] extends z.ZodType
  ? { readonly [P in K]: z.input<C[K]> }
  : unknown;

/** What a route takes. */
export type Input<C extends RouteContract> = Part<C, "params"> &
  Part<C, "query"> &
  Part<C, "body"> & {
    /** The version that was read before; another one there by now is a conflict. */
    readonly ifMatch?: number;
  };
export type Reply<C extends RouteContract> = C["reply"] extends z.ZodType ? z.output<C["reply"]> : undefined;

/** The control API by its contract. Every method throws a CliError that says what happened and what to do. */
export type Api = {
  readonly call: <C extends RouteContract>(contract: C, input: Input<C>) => Promise<Reply<C>>;
  /** The same reply again at each change, until the server ends the stream. */
  readonly follow: <C extends RouteContract>(
    contract: C,
    input: Input<C>,
    signal: AbortSignal,
  ) => AsyncIterable<Reply<C>>;
  /** An answer that is not JSON, as it comes: an export. */
  readonly download: <C extends RouteContract>(contract: C, input: Input<C>) => AsyncIterable<string>;
};

export type ApiParts = {
  /** Without a slash at the end. */
  readonly address: string;
  readonly fetch: Fetch;
  /** Who asks; undefined for nobody. */
  readonly token: () => Promise<string | undefined>;
  /** Another token in place of one that was refused; undefined when there is none to be had. */
  readonly renew: (refused: string) => Promise<string | undefined>;
  /** What helps whoever is not logged in. */
  readonly loginAdvice: Advice;
  readonly interrupt: AbortSignal;
};

type AnyInput = {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: number;
};

const patienceMs = 30_000;

const urlOf = ({ address }: ApiParts, { path }: RouteContract, { params = {}, query = {} }: AnyInput): string => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(asked.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return `${address}${filled}${search === "" ? "" : `?${search}`}`;
};

const headersOf = (contract: RouteContract, { body, ifMatch }: AnyInput): Record<string, string> => ({
  "User-Agent": `polyphony-cli/${version}`,
  ...(body === undefined ? {} : { "Content-Type": "application/json" }),
  ...(contract.idempotent ? { "Idempotency-Key": randomUUID() } : {}),
  ...(ifMatch === undefined ? {} : { "If-Match": `"${ifMatch}"` }),
});

const sendBy = (parts: ApiParts, contract: RouteContract, input: AnyInput, headers: Record<string, string>) => {
  const { body } = input;
  return (bearer: string | undefined, signal: AbortSignal): Promise<Response> =>
    parts.fetch(urlOf(parts, contract, input), {
      method: contract.method.toUpperCase(),
      headers: { ...headers, ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
};

/** The answer, if it is a good one. A token that ended meanwhile is renewed, once. */
const ask = async (
  parts: ApiParts,
  contract: RouteContract,
  input: AnyInput,
  { accept, signal }: { accept: string; signal: AbortSignal },
): Promise<Response> => {
  const send = sendBy(parts, contract, input, { ...headersOf(contract, input), Accept: accept });
  try {
    const bearer = contract.allow.who === "anyone" ? undefined : await parts.token();
    const first = await send(bearer, signal);
    const again = first.status === 401 && bearer !== undefined ? await parts.renew(bearer) : undefined;
    if (again !== undefined) await first.body?.cancel();
    const reply = again === undefined ? first : await send(again, signal);
    if (reply.ok) return reply;
    const requestId = reply.headers.get("x-request-id");
    throw refusalOf(contract, { status: reply.status, text: await reply.text(), requestId }, parts.loginAdvice);
  } catch (error) {
    // An interrupted call keeps its own error.
    if (error instanceof CliError || (error instanceof Error && error.name === "AbortError")) throw error;
    throw unreachable(parts.address, error);
  }
};

/** Checked by the contract, and then given as it came: a newer API may say more than this program knows. */
const parsed = <C extends RouteContract>(contract: C, text: string): Reply<C> => {
  const what = `${contract.method.toUpperCase()} ${contract.path}`;
  const refuse = (why: string, cause: unknown) =>
    failed("The control API answered in a way that this program does not know.", {
      hints: [`${what}: ${why}`, "Is this its address, and is this program as new as it?"],
      next: "context ls",
      cause,
    });
  try {
    const body: unknown = JSON.parse(text);
    const found = contract.reply?.safeParse(body);
    if (found?.success === false) throw refuse(found.error.issues[0]?.message ?? "", found.error);
    return body as Reply<C>;
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse("It sent no JSON.", error);
    throw error;
  }
};

const textOf = async function* (reply: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of (reply.body ?? []) as AsyncIterable<Uint8Array>)
    yield decoder.decode(chunk, { stream: true });
};

export const createApi = (parts: ApiParts): Api => {
  const { interrupt } = parts;
  return {
    call: async (contract, input) => {
      const signal = AbortSignal.any([interrupt, AbortSignal.timeout(patienceMs)]);
      const reply = await ask(parts, contract, input, { accept: "application/json", signal });
      return reply.status === 204 ? (undefined as Reply<typeof contract>) : parsed(contract, await reply.text());
    },
    follow: async function* (contract, input, signal) {
      const reply = await ask(parts, contract, input, { accept: "text/event-stream", signal });
      if (!reply.body) return;
      for await (const data of serverEvents(reply.body)) yield parsed(contract, data);
    },
    download: async function* (contract, input) {
      yield* textOf(await ask(parts, contract, input, { accept: "*/*", signal: interrupt }));
    },
  };
};

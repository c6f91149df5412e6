import type { z } from "zod";
import type { RouteContract } from "../../../control-api/contract/route-contract.ts";
import { ApiProblem, problemOf } from "./api-problem.ts";

type In<S> = S extends z.ZodType ? z.input<S> : undefined;
type Part<Name extends string, S> = S extends z.ZodType
  ? Partial<z.input<S>> extends z.input<S>
    ? { readonly [K in Name]?: In<S> }
    : { readonly [K in Name]: In<S> }
  : { readonly [K in Name]?: undefined };

/** What a route is asked with: just what its contract takes. */
export type Asked<C extends RouteContract> = Part<"params", C["params"]> &
  Part<"query", C["query"]> &
  Part<"body", C["body"]> & {
    /** The version that the person has seen, for changes that must not undo another's. */
    readonly version?: number;
    /** The same key gives the same answer, so that pressing twice does it once. */
    readonly idempotencyKey?: string;
  };

export type Answer<C extends RouteContract> = C["reply"] extends z.ZodType ? z.output<C["reply"]> : undefined;

export interface ApiClient {
  /** Asks a route by its contract. Throws `ApiProblem`. */
  call<C extends RouteContract>(contract: C, asked: Asked<C>, signal?: AbortSignal): Promise<Answer<C>>;
}

export interface ApiClientDeps {
  readonly fetch: typeof fetch;
  /** Of GET /api/me; "" when nobody is logged in. */
  readonly csrfToken: () => string;
  /** A change was refused because the login has ended. */
  readonly onLoggedOut: () => void;
}

type Values = Readonly<Record<string, unknown>>;

/** Path and query of a route. */
export const addressOf = (
  contract: RouteContract,
  { params = {}, query = {} }: { params?: Values | undefined; query?: Values | undefined },
): string => {
  const path = contract.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return given.length === 0 ? path : `${path}?${search.toString()}`;
};

const unreachable = (cause: unknown): ApiProblem => new ApiProblem(0, "unreachable", "", { cause });

export const createApiClient = ({ fetch, csrfToken, onLoggedOut }: ApiClientDeps): ApiClient => ({
  call: async <C extends RouteContract>(contract: C, asked: Asked<C>, signal?: AbortSignal): Promise<Answer<C>> => {
    const { params, query, body, version, idempotencyKey } = asked as {
      params?: Values;
      query?: Values;
      body?: unknown;
      version?: number;
      idempotencyKey?: string;
    };
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (contract.method !== "get" && csrfToken() !== "") headers["X-CSRF-Token"] = csrfToken();
    if (version !== undefined) headers["If-Match"] = `"${String(version)}"`;
    if (idempotencyKey !== undefined) headers["Idempotency-Key"] = idempotencyKey;
    const response = await fetch(addressOf(contract, { params, query }), {
      method: contract.method.toUpperCase(),
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    }).catch((error: unknown) => {
      throw signal?.aborted === true ? error : unreachable(error);
    });
    if (!response.ok) {
      const problem = await problemOf(response);
      if (problem.status === 401 && contract.path !== "/api/me") onLoggedOut();
      throw problem;
    }
    // Parsed by the very contract before it was sent; asking again here would only refuse what a newer server adds.
    return (contract.reply ? await response.json() : undefined) as Answer<C>;
  },
});

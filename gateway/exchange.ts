import type { IncomingMessage, ServerResponse } from "node:http";
import type { Client } from "./client-address.ts";
import type { Target } from "./request-target.ts";

/** One request on its way through the gateway. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  readonly client: Client;
  /** Monotonic milliseconds. */
  readonly began: number;
  readonly target?: Target | undefined;
  /** The vault concerned, once known. */
  slug?: string;
  /** When the first header of the answer was there. */
  answered?: number;
  /** How many connections were tried beyond the first. */
  retries: number;
  /** Why the vault's own answer could not be given. */
  failure?: Failure;
}

/** How asking a vault can fail. `invalid` is the request's own fault. */
export interface Failure {
  readonly why: "unreachable" | "broken" | "slow" | "invalid";
  /** The system's code, for example ECONNREFUSED. */
  readonly code: string;
}

import type { z } from "zod";
import type { RouteContract } from "../contract/route-contract.ts";
import type { Services } from "../services.ts";
import type { Circumstances, Membership, Person } from "./call.ts";
import type { Download } from "./send-download.ts";
import type { Sender } from "./sender.ts";

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;
type In<S> = S extends z.ZodType ? z.input<S> : undefined;

/** A call that was let through: everything in it is parsed and proven. */
export interface Call<C extends RouteContract> extends Circumstances {
  readonly params: Out<C["params"]>;
  readonly query: Out<C["query"]>;
  readonly body: Out<C["body"]>;
  /** Set where the contract's `allow` asks for a login; null elsewhere when nobody is logged in. */
  readonly person: C["allow"] extends { who: "anyone" } ? Person | null : Person;
  readonly membership: C["allow"] extends { who: "organization" } ? Membership : null;
  /** The version that the caller has seen (If-Match); undefined when it did not say. */
  readonly ifMatch: number | undefined;
  /** Cookies and headers of the answer. */
  readonly sender: Sender;
}

export type Reply<C extends RouteContract> = In<C["reply"]>;

type Handle<C extends RouteContract> = (call: Call<C>, services: Services) => Promise<Reply<C>> | Reply<C>;

/** The same reply again and again, for whoever accepts text/event-stream; ends with `signal`. */
type Follow<C extends RouteContract> = (
  call: Call<C>,
  services: Services,
  signal: AbortSignal,
) => AsyncIterable<Reply<C>>;

export interface Route<C extends RouteContract = RouteContract> {
  readonly contract: C;
  readonly handle: Handle<C>;
  readonly follow?: Follow<C> | undefined;
  /** Set in the place of `handle` where the contract says `download`. */
  readonly download?: ((call: Call<C>, services: Services) => Download) | undefined;
}

/** A route: what it is (its contract, which its clients share) and what it does, in a line or two. */
export const defineRoute = <const C extends RouteContract>(
  contract: C,
  handle: Handle<C>,
  follow?: Follow<C>,
): Route => ({ contract, handle, follow });

/** A route that answers with a file. */
export const defineDownload = <const C extends RouteContract & { readonly download: readonly string[] }>(
  contract: C,
  download: (call: Call<C>, services: Services) => Download,
): Route => ({ contract, handle: () => undefined, download });

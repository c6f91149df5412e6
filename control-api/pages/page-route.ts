import type { Limit } from "../contract/route-contract.ts";
import type { Circumstances, Membership, Person } from "../http/call.ts";
import type { Sender } from "../http/sender.ts";
import type { Services } from "../services.ts";
import type { Asked } from "./asked-cookie.ts";
import type { Html } from "./html.ts";
import type { Page, Wishes } from "./layout.ts";
import type { Words } from "./words-en.ts";

/** Somebody's request for a page. A form in it was proven to be ours. */
export interface Visit extends Circumstances, Wishes {
  readonly words: Words;
  /** Path and query. */
  readonly here: string;
  readonly person: Person | null;
  /** In the organization that the path names; null for any other path, and for whoever does not belong to it. */
  readonly membership: Membership | null;
  /** Of the path; "" when it is not there. */
  param(name: string): string;
  query(name: string): string;
  /** Of the form; "" when it is not there. */
  field(name: string): string;
  /** To be put into every form, so that no other site can send it. */
  readonly formToken: Html;
  readonly sender: Sender;
  /** The login link that this browser has asked for. */
  readonly asked: Asked | null;
  keepAsked(asked: Asked | null): void;
}

export type PageAnswer =
  | (Pick<Page, "title" | "body" | "goTo"> & {
      readonly status?: number;
      /** Looks again by itself after so many seconds. */
      readonly refreshSeconds?: number | undefined;
    })
  | { readonly to: string };

/** A page that works without JavaScript. Routes of the API are declared in contract/, these serve no program. */
export interface PageRoute {
  readonly method: "get" | "post";
  readonly path: string;
  readonly limit: Limit;
  readonly handle: (visit: Visit, services: Services) => Promise<PageAnswer> | PageAnswer;
}

/** Where somebody logs in and comes back from. */
export const loginFirst = (next: string): PageAnswer => ({ to: `/login?next=${encodeURIComponent(next)}` });

/** One write on its way to the API server or to PostgreSQL, named so that it has the same name in every run. */
export interface Effect {
  /** "create Namespace <namespace>", "sql CREATE DATABASE". */
  readonly name: string;
  /** How many of this name came before it, counted from 1. */
  readonly nth: number;
}

/** What becomes of a write: passed on; its connection cut; or, at the API server only, an answer instead. */
export type Verdict = "pass" | "cut" | { readonly status: number; readonly retryAfter?: string };

/** A write as the proxies see it, before it has a number. */
export interface Passing {
  readonly system: "kubernetes" | "postgres";
  /** Says what it does, with names of objects as they are. */
  readonly what: string;
  /** All of its text, to find out whom it concerns. */
  readonly text: string;
}

/** Who decides about writes; the proxies wait for it. */
export interface Gate {
  /** Before a write is passed on. */
  before(passing: Passing): Promise<Verdict>;
  /** When the write is stored, before its reply is passed on; `tags` are what PostgreSQL says it did. */
  after(passing: Passing, done: { ok: boolean; tags: readonly string[] }): Promise<Verdict>;
  /** The server was lost while the write was with it: nobody knows whether it is stored. */
  lost(passing: Passing): void;
}

export const keyOf = ({ name, nth }: Effect): string => (nth === 1 ? name : `${name} #${nth}`);

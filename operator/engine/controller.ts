import type { Change, Reflector } from "../../kube/reflector.ts";
import type { Outcome } from "../outcome.ts";

/** Where keys come from. Made by `from(reflector, keys)`; sources may be shared by several controllers. */
export interface Source {
  readonly name: string;
  start(): void;
  stop(): Promise<void>;
  subscribe(wake: (key: string) => void): () => void;
  whenSynced(): Promise<void>;
  synced(): boolean;
  watchAgeMs(): number;
}

/** What a reconcile is given besides its key. */
export interface ReconcileContext {
  /** Carries controller, key and reconcile id. */
  readonly log: Log;
  /** Unique per run, in every log line of it. */
  readonly reconcileId: string;
  /** Aborts when leadership is lost, at the deadline of a graceful stop, or when the run takes too long. */
  readonly signal: AbortSignal;
  /** How often this key failed in a row before this run. */
  readonly failures: number;
}

/** The part of pino that the engine uses. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

export type Reconcile = (key: string, context: ReconcileContext) => Promise<Outcome>;

export interface Controller {
  readonly name: string;
  /** Starts the sources, waits for their first lists, then works until `stop`. */
  start(): Promise<void>;
  /** Takes no new keys, waits for running reconciles up to the deadline, then aborts them. */
  stop(deadlineMs?: number): Promise<void>;
  /** Puts a key into the queue, now or later. */
  enqueue(key: string, afterMs?: number): void;
  /** Why the controller cannot be called alive, or undefined. */
  problem(): string | undefined;
}

/**
 * Keys from a reflector's changes. `keys` sees old and new projection and returns what is to be reconciled; returning
 * nothing is how a change that does not matter (status, another generation's echo) is filtered out.
 */
export type KeysOf<P> = (change: Change<P>) => Iterable<string>;

export const from = <P>(reflector: Reflector<P>, keys: KeysOf<P>): Source => ({
  name: reflector.name,
  start: () => reflector.start(),
  stop: () => reflector.stop(),
  subscribe: (wake) =>
    reflector.subscribe((change) => {
      for (const key of keys(change)) wake(key);
    }),
  whenSynced: () => reflector.whenSynced(),
  synced: () => reflector.synced(),
  watchAgeMs: () => reflector.watchAgeMs(),
});

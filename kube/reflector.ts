import type { Kind, Kube, KubeObject, Selection } from "./kube.ts";

/** One object in a reflector's cache: its identity and the part of it the caller asked to keep. */
export interface Cached<P> {
  /** "ns/name", or "name". */
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly value: P;
}

/**
 * One change. An object made again under the same name (another uid) is a `deleted` and an `added`.
 * `source` says how it was learnt: `list` the first listing, `watch` an event, `relist` a later listing found it
 * (so a `deleted` with `relist` was missed by the watch; destroy nothing on its word alone).
 */
export type Change<P> = {
  readonly key: string;
  readonly uid: string;
  readonly source: "list" | "watch" | "relist";
} & (
  | { readonly type: "added"; readonly old?: undefined; readonly now: P }
  | { readonly type: "modified"; readonly old: P; readonly now: P }
  | { readonly type: "deleted"; readonly old: P; readonly now?: undefined }
);

/** A cache of projections of one kind, kept fresh by list and watch. Never stores whole objects. */
export interface Reflector<P> {
  readonly name: string;
  /** Begins to list and watch; once only, later calls do nothing. */
  start(): void;
  /** Ends the watch and waits until nothing is emitted any more. */
  stop(): Promise<void>;
  /** Called for each change; what is in the cache already comes first as `added`. Returns the way to stop it. */
  subscribe(listener: (change: Change<P>) => void): () => void;
  get(key: string): Cached<P> | undefined;
  values(): IterableIterator<Cached<P>>;
  readonly size: number;
  /** Objects whose index function gave this value; empty for an unknown value. */
  byIndex(index: string, value: string): Cached<P>[];
  /** The first list is in. */
  synced(): boolean;
  /** Resolves at the first list; rejects when stopped before. */
  whenSynced(): Promise<void>;
  /** Milliseconds since the server last gave a sign of life for this watch. */
  watchAgeMs(): number;
}

export interface ReflectorOptions<T extends KubeObject, P> extends Selection {
  readonly kube: Kube;
  readonly kind: Kind<T>;
  /** What to keep of an object; undefined: do not keep it at all. Must be pure. */
  readonly project: (object: T) => P | undefined;
  /** Ways to find objects other than by key: `{ byVault: (p) => [p.vaultId] }`. */
  readonly indexes?: Readonly<Record<string, (value: P) => readonly string[]>>;
}

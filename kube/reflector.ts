import { systemTimer, type Timer } from "./clock.ts";
import type { Kind, Kube, KubeObject, Selection } from "./kube.ts";
import { createReflectorStore } from "./reflector-store.ts";
import type { Share } from "./shared-strings.ts";
import { createWatchLoop, type WatchNotice } from "./watch-loop.ts";

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
  /** Milliseconds since the loop last did anything, failing included: large only when it hangs. */
  pulseAgeMs(): number;
}

export interface ReflectorOptions<T extends KubeObject, P> extends Selection {
  readonly kube: Kube;
  readonly kind: Kind<T>;
  /** What to keep of an object; undefined: do not keep it at all. Must be pure. */
  readonly project: (object: T) => P | undefined;
  /** Ways to find objects other than by key: `{ byVault: (p) => [p.vaultId] }`. */
  readonly indexes?: Readonly<Record<string, (value: P) => readonly string[]>>;
  /** Several reflectors that hold the same strings hold them once when they are given the same. */
  readonly share?: Share;
  /** For messages and metrics; the kind's plural by default. */
  readonly name?: string;
  /** Told of each list, broken watch and error; for logs and metrics. */
  readonly notice?: (notice: WatchNotice) => void;
  /** A listener threw: its mistake, reported here, stops nobody else. */
  readonly listenerFailed?: (error: unknown, key: string) => void;
  readonly timer?: Timer;
  readonly random?: () => number;
  /** Everything is listed again about this often, in case the watch lied; 15 minutes by default. */
  readonly relistMs?: number;
  readonly pageSize?: number;
}

/** See Reflector. Nothing happens before `start`. */
export const createReflector = <T extends KubeObject, P>(options: ReflectorOptions<T, P>): Reflector<P> => {
  const timer = options.timer ?? systemTimer();
  const { project, share } = options;
  const store = createReflectorStore<T, P>(share ? (object) => share(project(object)) : project, options.indexes ?? {});
  const listeners = new Set<(change: Change<P>) => void>();
  const tell = (listener: (change: Change<P>) => void, change: Change<P>): void => {
    try {
      listener(change);
    } catch (error) {
      options.listenerFailed?.(error, change.key);
    }
  };
  const loop = createWatchLoop<T>({
    kube: options.kube,
    kind: options.kind,
    selection: {
      namespace: options.namespace,
      labelSelector: options.labelSelector,
      fieldSelector: options.fieldSelector,
    },
    timer,
    random: options.random ?? Math.random,
    relistMs: options.relistMs ?? 15 * 60_000,
    pageSize: options.pageSize ?? 100,
    notice: options.notice,
    sink: {
      keys: () => store.keys(),
      put: (object, source) => {
        for (const change of store.put(object, source)) for (const listener of listeners) tell(listener, change);
      },
      remove: (key, source) => {
        const change = store.remove(key, source);
        if (change) for (const listener of listeners) tell(listener, change);
      },
    },
  });
  return {
    name: options.name ?? options.kind.plural,
    start: () => loop.start(),
    stop: () => loop.stop(),
    subscribe: (listener) => {
      for (const { key, uid, value } of store.values()) {
        tell(listener, { key, uid, source: "list", type: "added", now: value });
      }
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get: (key) => store.get(key),
    values: () => store.values(),
    get size() {
      return store.size;
    },
    byIndex: (index, value) => store.byIndex(index, value),
    synced: () => loop.synced(),
    whenSynced: () => loop.whenSynced(),
    watchAgeMs: () => loop.watchAgeMs(),
    pulseAgeMs: () => loop.pulseAgeMs(),
  };
};

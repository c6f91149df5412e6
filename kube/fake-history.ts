import { AbortedError, GoneError, UnreachableError } from "./errors.ts";
import type { Timer } from "./clock.ts";
import { matcher } from "./fake-selectors.ts";
import type { Kind, KubeObject, WatchEvent, WatchOptions } from "./kube.ts";

/** One stored change: `before` and `now` are undefined for a creation and a removal. */
export interface Stored {
  readonly version: number;
  readonly kind: Kind;
  readonly before?: KubeObject | undefined;
  readonly now?: KubeObject | undefined;
}

/** What happened, in order, and who watches it. */
export interface History {
  add(change: Stored): void;
  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions): AsyncGenerator<WatchEvent<T>>;
  /** Forgets everything up to now: older versions answer 410. */
  compact(): void;
  /** Cuts every open watch, as a restarting server does. */
  breakWatches(): void;
  /** Open watches stay open and say nothing more, as behind a dead link. */
  freezeWatches(): void;
  readonly oldest: number;
  readonly watching: number;
}

/** One open watch: changes come in, the generator takes them out. */
interface Watcher {
  push(change: Stored): void;
  fail(error: Error): void;
  freeze(): void;
  end(): void;
  /** The next change, or undefined when the watch is over; throws when it failed. */
  next(): Promise<Stored | undefined>;
}

const createWatcher = (queue: Stored[]): Watcher => {
  const state: { failure?: Error; over: boolean; frozen: boolean; ready?: () => void } = { over: false, frozen: false };
  return {
    push: (change) => {
      queue.push(change);
      state.ready?.();
    },
    fail: (error) => {
      state.failure = error;
      state.ready?.();
    },
    freeze: () => void (state.frozen = true),
    end: () => {
      state.over = true;
      state.ready?.();
    },
    next: async () => {
      for (;;) {
        if (state.failure) throw state.failure;
        const change = state.frozen ? undefined : queue.shift();
        if (change) return change;
        if (state.over && !state.frozen) return undefined;
        await new Promise<void>((resolve) => (state.ready = resolve));
      }
    },
  };
};

const sameKind = (one: Kind, other: Kind): boolean => one.group === other.group && one.plural === other.plural;

/** The event a watcher with this selection sees; an object that stops matching is gone for it. */
const eventOf = <T extends KubeObject>(
  change: Stored,
  matches: (object: KubeObject) => boolean,
): WatchEvent<T> | undefined => {
  const was = change.before !== undefined && matches(change.before);
  const is = change.now !== undefined && matches(change.now);
  const object = structuredClone(change.now ?? change.before) as T;
  if (object.metadata) object.metadata.resourceVersion = String(change.version);
  if (is) return { type: was ? "MODIFIED" : "ADDED", object };
  return was ? { type: "DELETED", object } : undefined;
};

export const createHistory = (timer: Timer, latest: () => number): History => {
  let changes: Stored[] = [];
  let oldest = 0;
  const watchers = new Set<{ readonly kind: Kind; readonly watcher: Watcher }>();

  const watch = async function* <T extends KubeObject>(
    kind: Kind<T>,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    const call = { verb: "watch", kind: kind.kind };
    const from = Number(options.resourceVersion);
    if (from < oldest) throw new GoneError(call, `too old resource version: ${from} (${oldest})`);
    const matches = matcher(options);
    const missed = changes.filter((change) => change.version > from && sameKind(change.kind, kind));
    const watcher = createWatcher(missed);
    const abort = (): void => watcher.fail(new AbortedError(call));
    const cancel = options.timeoutSeconds
      ? timer.after(options.timeoutSeconds * 1000, () => watcher.end())
      : () => undefined;
    const watching = { kind, watcher };
    options.signal?.addEventListener("abort", abort, { once: true });
    watchers.add(watching);
    try {
      if (options.signal?.aborted) abort();
      options.onOpen?.();
      for (let change = await watcher.next(); change; change = await watcher.next()) {
        const event = eventOf<T>(change, matches);
        if (event) yield event;
      }
      yield { type: "BOOKMARK", object: { metadata: { resourceVersion: String(latest()) } } as T };
    } finally {
      cancel();
      watchers.delete(watching);
      options.signal?.removeEventListener("abort", abort);
    }
  };

  return {
    add: (change) => {
      changes.push(change);
      for (const { kind, watcher } of watchers) if (sameKind(kind, change.kind)) watcher.push(change);
    },
    watch,
    compact: () => {
      changes = [];
      oldest = latest();
    },
    breakWatches: () => {
      const error = new UnreachableError({ verb: "watch", kind: "" }, "the connection was cut");
      for (const { watcher } of watchers) watcher.fail(error);
    },
    freezeWatches: () => {
      for (const { watcher } of watchers) watcher.freeze();
    },
    get oldest() {
      return oldest;
    },
    get watching() {
      return watchers.size;
    },
  };
};

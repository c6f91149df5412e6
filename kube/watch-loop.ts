import { jittered, sleep, type Timer } from "./clock.ts";
import { isGone, KubeError, ServerError, TooManyRequestsError, UnreachableError } from "./errors.ts";
import { keyOf, type Kind, type Kube, type KubeObject, type Selection } from "./kube.ts";

/** Something worth a log line or a count. */
export interface WatchNotice {
  readonly kind: string;
  readonly what: "listed" | "watch-ended" | "watch-silent" | "failed";
  /** For `failed`: why. */
  readonly error?: unknown;
  /** For `listed`: how many objects. For `failed`: how long until the next attempt. */
  readonly objects?: number;
  readonly retryInMs?: number;
}

/** Where objects go. */
interface Sink<T> {
  keys(): Iterable<string>;
  put(object: T, source: "list" | "watch" | "relist"): void;
  remove(key: string, source: "watch" | "relist"): void;
}

export interface WatchLoopOptions<T extends KubeObject> {
  readonly kube: Kube;
  readonly kind: Kind<T>;
  readonly selection: Selection;
  readonly sink: Sink<T>;
  readonly timer: Timer;
  readonly random: () => number;
  readonly relistMs: number;
  readonly pageSize: number;
  readonly notice?: ((notice: WatchNotice) => void) | undefined;
}

export interface WatchLoop {
  start(): void;
  stop(): Promise<void>;
  synced(): boolean;
  whenSynced(): Promise<void>;
  watchAgeMs(): number;
  pulseAgeMs(): number;
}

/** The server is asked to end each watch after this time; one that outlives it by the grace is dead. */
const WATCH_SECONDS = 25;
const WATCH_SPREAD_SECONDS = 15;
const GRACE_MS = 10_000;
const FIRST_BACKOFF_MS = 500;
const LAST_BACKOFF_MS = 30_000;
/** A listing that misses this many of what was known is asked for again before it is believed. */
const DOUBT_FROM = 10;

interface State {
  /** Where the next watch begins; undefined: list first. */
  version: string | undefined;
  synced: boolean;
  relistAt: number;
  failures: number;
  lifeAt: number;
  pulseAt: number;
}

type Run<T extends KubeObject> = WatchLoopOptions<T> & { readonly state: State; readonly signal: AbortSignal };

const alive = <T extends KubeObject>({ state, timer }: Run<T>): void => {
  state.lifeAt = state.pulseAt = timer.monotonicMs();
};

const isOlder = (version: string, than: string | undefined): boolean =>
  than !== undefined && Number(version) < Number(than);

/** Lists everything into `each`, page by page; the version to watch from. */
const listPages = async <T extends KubeObject>(run: Run<T>, each: (object: T) => void): Promise<string> => {
  let token: string | undefined;
  let version: string | undefined;
  do {
    const options = { ...run.selection, limit: run.pageSize, continue: token, signal: run.signal };
    const page = await run.kube.listPage(run.kind, options);
    alive(run);
    if (isOlder(page.resourceVersion, run.state.version)) {
      // A server restored or lagging behind: its list would undo what is known already.
      const call = { verb: "list", kind: run.kind.kind };
      throw new UnreachableError(
        call,
        `the server is at ${page.resourceVersion}, older than ${run.state.version ?? ""}`,
      );
    }
    version ??= page.resourceVersion;
    for (const object of page.items) each(object);
    token = page.continue;
  } while (token);
  return version;
};

/** What the cache has and the listing has not. A large loss has to be seen twice. */
const missing = async <T extends KubeObject>(run: Run<T>, seen: ReadonlySet<string>): Promise<Set<string>> => {
  const gone = new Set([...run.sink.keys()].filter((key) => !seen.has(key)));
  if (gone.size < DOUBT_FROM || gone.size < seen.size) return gone;
  await listPages(run, (object) => gone.delete(keyOf(object)));
  return gone;
};

const list = async <T extends KubeObject>(run: Run<T>): Promise<void> => {
  const { state, sink, timer } = run;
  const source = state.synced ? "relist" : "list";
  const seen = new Set<string>();
  const version = await listPages(run, (object) => {
    seen.add(keyOf(object));
    sink.put(object, source);
  });
  for (const key of await missing(run, seen)) sink.remove(key, "relist");
  state.version = version;
  state.synced = true;
  state.relistAt = timer.monotonicMs() + jittered(run.relistMs, 0.2, run.random);
  run.notice?.({ kind: run.kind.kind, what: "listed", objects: seen.size });
};

/** One watch, to its end; the version moves on with each event and bookmark. */
const watch = async <T extends KubeObject>(run: Run<T>): Promise<void> => {
  const { state, sink, kind } = run;
  const seconds = WATCH_SECONDS + Math.round(WATCH_SPREAD_SECONDS * run.random());
  const silence = new AbortController();
  const cancel = run.timer.after(seconds * 1000 + GRACE_MS, () => silence.abort());
  try {
    const events = run.kube.watch(kind, {
      ...run.selection,
      resourceVersion: state.version ?? "",
      timeoutSeconds: seconds,
      signal: AbortSignal.any([run.signal, silence.signal]),
      onOpen: () => alive(run),
    });
    for await (const event of events) {
      alive(run);
      state.failures = 0;
      if (event.type === "DELETED") sink.remove(keyOf(event.object), "watch");
      else if (event.type !== "BOOKMARK") sink.put(event.object, "watch");
      state.version = event.object.metadata?.resourceVersion ?? state.version;
    }
    alive(run);
    run.notice?.({ kind: kind.kind, what: "watch-ended" });
  } catch (error) {
    if (!silence.signal.aborted || run.signal.aborted) throw error;
    run.notice?.({ kind: kind.kind, what: "watch-silent" });
    state.pulseAt = run.timer.monotonicMs();
  } finally {
    cancel();
  }
};

/** How long to wait after this error: what the server said, else twice as long each time; always with jitter. */
const backoffMs = (error: unknown, failures: number, random: () => number): number => {
  const asked = error instanceof TooManyRequestsError || error instanceof ServerError ? (error.retryAfterMs ?? 0) : 0;
  const own = Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 10));
  return jittered(Math.max(asked, own), 0.5, random);
};

const step = async <T extends KubeObject>(run: Run<T>): Promise<void> => {
  const { state, timer } = run;
  const startedAt = timer.monotonicMs();
  if (!state.synced || state.version === undefined || startedAt >= state.relistAt) await list(run);
  else await watch(run);
  state.failures = 0;
  // A server (or a proxy) that ends each watch at once must not be asked in a hot loop.
  if (timer.monotonicMs() - startedAt < 1000) await sleep(timer, jittered(50, 1, run.random), run.signal);
};

const failed = async <T extends KubeObject>(run: Run<T>, error: unknown): Promise<void> => {
  const { state, timer, random } = run;
  state.pulseAt = timer.monotonicMs();
  // Only a version that is gone needs a new list; after anything else the watch goes on where it was.
  if (isGone(error)) state.relistAt = Number.NEGATIVE_INFINITY;
  const retryInMs = backoffMs(error, state.failures, random);
  state.failures += 1;
  run.notice?.({ kind: run.kind.kind, what: "failed", error, retryInMs });
  await sleep(timer, retryInMs, run.signal);
};

/** List, then watch after watch, for ever; see reflector.ts. */
export const createWatchLoop = <T extends KubeObject>(options: WatchLoopOptions<T>): WatchLoop => {
  const { timer } = options;
  const stopping = new AbortController();
  const born = timer.monotonicMs();
  const state: State = { version: undefined, synced: false, relistAt: 0, failures: 0, lifeAt: born, pulseAt: born };
  const run: Run<T> = { ...options, state, signal: stopping.signal };
  const first = Promise.withResolvers<undefined>();
  first.promise.catch(() => undefined);
  let running: Promise<void> | undefined;

  const forever = async (): Promise<void> => {
    const stopped = (): boolean => run.signal.aborted;
    while (!stopped()) {
      try {
        await step(run);
        first.resolve(undefined);
      } catch (error) {
        if (!stopped()) await failed(run, error);
      }
    }
    first.reject(new Error(`the watch of ${options.kind.plural} was stopped before its first list`));
  };

  return {
    start: () => {
      alive(run);
      running ??= forever();
    },
    stop: async () => {
      stopping.abort(new KubeError({ verb: "watch", kind: options.kind.kind }, 0, "Stopped", "stopped"));
      await running;
    },
    synced: () => state.synced,
    whenSynced: () => first.promise,
    watchAgeMs: () => timer.monotonicMs() - state.lifeAt,
    pulseAgeMs: () => timer.monotonicMs() - state.pulseAt,
  };
};

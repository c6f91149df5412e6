import type { IncomingMessage } from "node:http";
import { apiError } from "./api-error.ts";
import { systemTimer, type Timer } from "./clock.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import {
  AbortedError,
  type CallContext,
  isNotFound,
  KubeError,
  TooManyRequestsError,
  UnreachableError,
} from "./errors.ts";
import { createHttpTransport, type HttpCall, type HttpTransport, type OnCall } from "./http-transport.ts";
import { createInFlight } from "./in-flight.ts";
import { jsonLines } from "./json-lines.ts";
import {
  type Kind,
  type Kube,
  type KubeObject,
  type PageOptions,
  type PodLogs,
  type Ref,
  type Selection,
  type WatchEvent,
  type WatchOptions,
} from "./kube.ts";
import { kinds } from "./kinds.ts";
import { listAll } from "./list-all.ts";
import { createDelete, createWrites, type Send } from "./live-writes.ts";
import { type Query, resourcePath } from "./resource-path.ts";
import { statusByUid } from "./status-by-uid.ts";
import { createThrottle } from "./throttle.ts";

export interface LiveKubeOptions {
  readonly access: ClusterAccess;
  /** Name under which writes are recorded, such as "polyphony-operator". */
  readonly fieldManager: string;
  /** Requests at a time, each on a kept connection; 16 by default. Watches are not counted. */
  readonly maxInFlight?: number;
  /** For one request; 30 s by default. */
  readonly timeoutMs?: number;
  readonly onCall?: OnCall;
  readonly timer?: Timer;
}

/** A Kube that speaks to an API server, and the way to drop its connections. */
export interface LiveKube extends Kube, PodLogs {
  close(): void;
}

const selectionQuery = (selection: Selection): Query => ({
  labelSelector: selection.labelSelector,
  fieldSelector: selection.fieldSelector,
});

interface RawList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: unknown[];
}

interface RawEvent {
  readonly type?: string;
  readonly object?: unknown;
}

/** Requests through the throttle and the limit; a 429 is tried once more after its Retry-After. */
const createSend = (json: Send, options: LiveKubeOptions): Send => {
  const throttle = createThrottle(options.timer ?? systemTimer());
  const inFlight = createInFlight(options.maxInFlight ?? 16);
  const once = async (call: HttpCall): Promise<unknown> => {
    await throttle.pass(call.context, call.signal);
    try {
      return await json(call);
    } catch (error) {
      if (error instanceof TooManyRequestsError) throttle.hold(error.retryAfterMs);
      throw error;
    }
  };
  const twice = (call: HttpCall): Promise<unknown> =>
    once(call).catch((error: unknown) => {
      if (error instanceof TooManyRequestsError) return once(call);
      throw error;
    });
  return (call) =>
    inFlight
      .run(() => twice(call), call.signal)
      .catch((error: unknown) => {
        throw error instanceof KubeError || !call.signal?.aborted ? error : new AbortedError(call.context);
      });
};

const watchEvents = async function* <T>(call: CallContext, response: IncomingMessage): AsyncGenerator<WatchEvent<T>> {
  for await (const line of jsonLines(response as AsyncIterable<Uint8Array>)) {
    const event = line as RawEvent;
    if (event.type === "ERROR") {
      const code = (event.object as { code?: number } | undefined)?.code ?? 500;
      throw apiError(call, code, event.object);
    }
    yield event as WatchEvent<T>;
  }
};

const createReads = (send: Send): Pick<Kube, "get" | "find" | "list" | "listPage"> => {
  const get = async <T extends KubeObject>(
    kind: Kind<T>,
    ref: Ref,
    how: { signal?: AbortSignal | undefined } = {},
  ): Promise<T> =>
    (await send({
      context: { verb: "get", kind: kind.kind, name: ref.name },
      method: "GET",
      path: resourcePath(kind, ref),
      signal: how.signal,
    })) as T;

  const listPage = async <T extends KubeObject>(kind: Kind<T>, how: PageOptions = {}) => {
    const query = {
      ...selectionQuery(how),
      limit: how.limit,
      continue: how.continue,
      resourceVersion: how.resourceVersion,
    };
    const list = (await send({
      context: { verb: "list", kind: kind.kind },
      method: "GET",
      path: resourcePath(kind, { namespace: how.namespace }, query),
      signal: how.signal,
    })) as RawList;
    return {
      items: (list.items ?? []) as T[],
      resourceVersion: list.metadata?.resourceVersion ?? "",
      continue: list.metadata?.continue ?? undefined,
    };
  };

  return {
    get,
    find: (kind, ref, how) =>
      get(kind, ref, how).catch((error: unknown) => {
        if (isNotFound(error) && !error.kindMissing) return undefined;
        throw error;
      }),
    list: (kind, how) => listAll(listPage, kind, how),
    listPage,
  };
};

const createWatch = (transport: HttpTransport): Kube["watch"] =>
  async function* <T extends KubeObject>(kind: Kind<T>, how: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const context = { verb: "watch", kind: kind.kind };
    const path = resourcePath(
      kind,
      { namespace: how.namespace },
      {
        ...selectionQuery(how),
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: how.resourceVersion,
        timeoutSeconds: how.timeoutSeconds,
      },
    );
    const response = await transport.stream({ context, method: "GET", path, signal: how.signal });
    how.onOpen?.();
    try {
      yield* watchEvents<T>(context, response);
    } catch (error) {
      if (how.signal?.aborted) throw new AbortedError(context);
      if (error instanceof KubeError) throw error;
      throw new UnreachableError(context, `the watch broke: ${(error as Error).message}`, { cause: error });
    } finally {
      response.destroy();
    }
  };

const createPodLog =
  (transport: HttpTransport): PodLogs["podLog"] =>
  async (ref, { signal, limitBytes } = {}) => {
    const context = { verb: "get", kind: "PodLog", name: ref.name };
    const path = resourcePath(kinds.pod, { ...ref, subresource: "log" }, { limitBytes });
    const response = await transport.stream({ context, method: "GET", path, signal });
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString("utf8");
    } catch (error) {
      if (signal?.aborted) throw new AbortedError(context);
      throw new UnreachableError(context, `the log broke off: ${(error as Error).message}`, { cause: error });
    }
  };

/**
 * Kubernetes over HTTP/1.1 on a few kept connections. Give whoever must not wait behind others (leader election) a
 * client of its own: the limit and a 429's pause are per client.
 */
export const createLiveKube = (options: LiveKubeOptions): LiveKube => {
  const transport = createHttpTransport({
    access: options.access,
    userAgent: options.fieldManager,
    maxSockets: options.maxInFlight ?? 16,
    timeoutMs: options.timeoutMs ?? 30_000,
    onCall: options.onCall,
  });
  const send = createSend((call) => transport.json(call), options);
  const reads = createReads(send);
  const writes = createWrites(send, options.fieldManager);
  return {
    ...reads,
    ...writes,
    applyStatus: statusByUid({ get: reads.get, applyStatus: writes.applyStatus }),
    delete: createDelete(send),
    watch: createWatch(transport),
    podLog: createPodLog(transport),
    close: () => transport.close(),
  };
};

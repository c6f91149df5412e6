import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import { apiError } from "./api-error.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import { createConnections } from "./connections.ts";
import { AbortedError, type CallContext, type KubeError, UnauthorizedError, UnreachableError } from "./errors.ts";

/** One HTTP request to the API server. */
export interface HttpCall {
  readonly context: CallContext;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One finished attempt, for metrics. `code` is the HTTP status, 0 without an answer. */
export type OnCall = (call: { verb: string; kind: string; code: number; seconds: number }) => void;

export interface HttpTransport {
  /** Sends and reads the whole JSON answer; throws a KubeError for everything but 2xx. */
  json(call: HttpCall): Promise<unknown>;
  /** Sends on a connection of its own and returns the open answer as soon as its 2xx head is in. */
  stream(call: HttpCall): Promise<IncomingMessage>;
  close(): void;
}

export interface HttpTransportOptions {
  readonly access: ClusterAccess;
  readonly userAgent: string;
  /** Connections for requests; watches have their own. */
  readonly maxSockets: number;
  /** From sending to the last byte of the answer (for a watch: to its head). */
  readonly timeoutMs: number;
  readonly onCall?: OnCall | undefined;
}

/** The answer's head, or the network's error. */
const head = (request: ClientRequest, body: string | undefined): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once("response", resolve);
    // Stays for the request's whole life: an error after the answer began must not be an uncaught one.
    request.on("error", reject);
    request.end(body);
  });

const text = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? "";

/** Whether a request met a kept connection that the server had just closed: most likely it was not looked at. */
const metClosedConnection = (request: ClientRequest, error: unknown): boolean =>
  request.reusedSocket && (codeOf(error) === "ECONNRESET" || codeOf(error) === "EPIPE");

const isOk = (response: IncomingMessage): boolean =>
  (response.statusCode ?? 0) >= 200 && (response.statusCode ?? 0) < 300;

interface Attempts {
  /** Sends, waits for the head and gives the answer to `use`; all of it within the timeout. */
  once<T>(call: HttpCall, kept: boolean, use: (response: IncomingMessage) => Promise<T>): Promise<T>;
  /** The typed error for an answer that is not 2xx. */
  refusal(call: HttpCall, response: IncomingMessage, body: string): KubeError;
  failure(call: HttpCall, error: unknown): KubeError;
  close(): void;
}

const createAttempts = (options: HttpTransportOptions): Attempts => {
  const { access, timeoutMs } = options;
  const connections = createConnections(access, options.maxSockets);
  const request = access.server.protocol === "https:" ? https.request : http.request;
  const base = access.server.pathname.replace(/\/$/, "");

  const begin = async (call: HttpCall, kept: boolean): Promise<{ sent: ClientRequest; body: string | undefined }> => {
    const connection = await connections.current();
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const settings: RequestOptions = {
      method: call.method,
      path: base + call.path,
      agent: kept ? connection.requests : connection.streams,
      headers: {
        ...connection.headers,
        Accept: "application/json",
        "User-Agent": options.userAgent,
        ...(body === undefined
          ? {}
          : { "Content-Type": call.contentType ?? "application/json", "Content-Length": Buffer.byteLength(body) }),
      },
      ...(call.signal ? { signal: call.signal } : {}),
    };
    return { sent: request(access.server, settings), body };
  };

  const failure = (call: HttpCall, error: unknown): KubeError => {
    if (call.signal?.aborted) return new AbortedError(call.context);
    // A rotated CA or client certificate shows as a TLS error: read the files again before the next attempt.
    connections.refresh();
    const reason = (error as Error).message || codeOf(error);
    return new UnreachableError(call.context, `no answer from ${access.server.host}: ${reason}`, { cause: error });
  };

  const once = async <T>(call: HttpCall, kept: boolean, use: (response: IncomingMessage) => Promise<T>): Promise<T> => {
    if (call.signal?.aborted) throw new AbortedError(call.context);
    const started = performance.now();
    let code = 0;
    let timeout: NodeJS.Timeout | undefined;
    let late: Error | undefined;
    try {
      const { sent, body } = await begin(call, kept);
      timeout = setTimeout(() => {
        late = new Error(`timed out after ${timeoutMs} ms`);
        sent.destroy(late);
      }, timeoutMs);
      const response = await head(sent, body).catch((error: unknown) => {
        throw metClosedConnection(sent, error) ? new ClosedConnection(error) : error;
      });
      code = response.statusCode ?? 0;
      return await use(response);
    } catch (error) {
      code = 0;
      throw error instanceof ClosedConnection ? error : failure(call, late ?? error);
    } finally {
      clearTimeout(timeout);
      const seconds = (performance.now() - started) / 1000;
      options.onCall?.({ verb: call.context.verb, kind: call.context.kind, code, seconds });
    }
  };

  const refusal = (call: HttpCall, response: IncomingMessage, body: string): KubeError => {
    const error = apiError(call.context, response.statusCode ?? 0, parsed(body), response.headers["retry-after"]);
    if (error instanceof UnauthorizedError) connections.refresh();
    return error;
  };

  return { once, refusal, failure, close: () => connections.close() };
};

export const createHttpTransport = (options: HttpTransportOptions): HttpTransport => {
  const attempts = createAttempts(options);

  const again = async <T>(once: () => Promise<T>, call: HttpCall): Promise<T> => {
    for (let left = options.maxSockets; ; left -= 1) {
      try {
        return await once();
      } catch (error) {
        if (!(error instanceof ClosedConnection)) throw error;
        // A POST or DELETE may have been carried out before the connection went: only what is safe twice is sent twice.
        if (left <= 0 || (call.method !== "GET" && call.method !== "PATCH")) throw attempts.failure(call, error.cause);
      }
    }
  };

  return {
    json: async (call) => {
      const { response, body } = await again(
        () => attempts.once(call, true, async (answer) => ({ response: answer, body: await text(answer) })),
        call,
      );
      if (!isOk(response)) throw attempts.refusal(call, response, body);
      return parsed(body);
    },
    stream: async (call) => {
      const { response, body } = await attempts.once(call, false, async (answer) => ({
        response: answer,
        body: isOk(answer) ? undefined : await text(answer),
      }));
      if (body !== undefined) throw attempts.refusal(call, response, body);
      return response;
    },
    close: () => attempts.close(),
  };
};

/** Internal: see `metClosedConnection`. */
class ClosedConnection extends Error {
  constructor(cause: unknown) {
    super("the server had closed the connection", { cause });
  }
}

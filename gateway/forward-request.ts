import type { Dispatcher } from "undici";
import type { Exchange, Failure } from "./exchange.ts";
import { headersForClient } from "./headers.ts";
import { createPatience } from "./patience.ts";
import { hasBody, requestBody } from "./request-body.ts";
import { failureOf } from "./upstream-failure.ts";
import type { VaultConnections } from "./vault-connections.ts";

/** Where a request goes, and as what. */
export interface Destination {
  readonly origin: string;
  readonly path: string;
  readonly headers: string[];
  /** How long to try while the vault refuses connections, in milliseconds. */
  readonly patienceMs: number;
  readonly bodyIdleMs: number;
}

/** Sends a request to a vault and its answer back; `onFailure` only as long as nothing was sent to the client. */
export type ForwardRequest = (
  exchange: Exchange,
  destination: Destination,
  onFailure: (failure: Failure) => void,
) => void;

/** Methods that may be sent twice without harm and have no body to lose. */
const repeatable = new Set(["GET", "HEAD", "OPTIONS"]);

/** How often such a request is sent again when the vault took it and hung up without a word. */
const mostRepeats = 3;

const clientLeft = new Error("the client left");

/** One attempt and its place in the exchange. */
interface Attempt {
  /** The request may have reached the vault. */
  started: boolean;
  controller?: Dispatcher.DispatchController;
}

/** Passes the answer on piece by piece, as fast as the client takes it, each piece at once. */
const answerHandler = (
  { res, requestId }: Exchange,
  attempt: Attempt,
  onAnswer: () => void,
  onError: (error: Error) => void,
): Dispatcher.DispatchHandler => {
  let pieces = 0;
  return {
    onRequestStart: (controller) => {
      attempt.started = true;
      attempt.controller = controller;
      if (res.closed) controller.abort(clientLeft);
    },
    onResponseStart: (controller, status, _headers, reason) => {
      if (status < 200) return;
      onAnswer();
      const headers = headersForClient(controller.rawHeaders as (string | Buffer)[], requestId);
      res.writeHead(status, reason ?? "", headers);
      // Headers and a first piece that came together leave together; headers alone (an event stream) do not wait.
      queueMicrotask(() => {
        if (pieces === 0 && !res.writableEnded) res.flushHeaders();
      });
    },
    onResponseData: (controller, piece) => {
      pieces += 1;
      if (res.write(piece)) return;
      controller.pause();
      res.once("drain", () => controller.resume());
    },
    onResponseEnd: () => {
      pieces += 1;
      res.end();
    },
    onResponseError: (_controller, error) => onError(error),
  };
};

/** @param now monotonic milliseconds */
export const createForwardRequest =
  (connections: VaultConnections, now: () => number): ForwardRequest =>
  (exchange, destination, onFailure) => {
    const { req, res } = exchange;
    const { origin, path, headers, bodyIdleMs } = destination;
    const method = req.method ?? "GET";
    const withBody = hasBody(req);
    const mayRepeat = repeatable.has(method) && !withBody;
    const dispatcher = mayRepeat ? connections.reused : connections.single;
    const patience = createPatience(destination.patienceMs, now);
    let attempt: Attempt = { started: false };
    let repeats = 0;
    let pause: NodeJS.Timeout | undefined;

    const onError = (error: Error): void => {
      if (res.closed) return;
      const failure = failureOf(error, attempt.started);
      if (res.headersSent) {
        // Half an answer is told by a broken connection, never by a clean end.
        exchange.failure = failure;
        res.destroy();
        return;
      }
      const repeat = failure.why === "broken" && mayRepeat && repeats < mostRepeats;
      if (repeat) repeats += 1;
      // The first repetition at once: most likely a kept connection had just been closed.
      const atOnce = repeat && repeats === 1 ? 0 : undefined;
      const wait = atOnce ?? (repeat || failure.why === "unreachable" ? patience.next() : undefined);
      if (wait === undefined) onFailure(failure);
      else again(wait);
    };
    const again = (ms: number): void => {
      exchange.retries += 1;
      pause = setTimeout(send, ms);
    };
    const send = (): void => {
      attempt = { started: false };
      const body = withBody ? requestBody(req, res, bodyIdleMs) : null;
      const onAnswer = (): void => {
        exchange.answered = now();
      };
      const options = { origin, path, method, headers, body };
      dispatcher.dispatch(options, answerHandler(exchange, attempt, onAnswer, onError));
    };

    res.once("close", () => {
      clearTimeout(pause);
      if (!res.writableFinished) attempt.controller?.abort(clientLeft);
    });
    send();
  };

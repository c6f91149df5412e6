import { ServerResponse, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { logAccess, type Log } from "./access-log.ts";
import type { Answer } from "./answer.ts";
import type { Client, Origin } from "./client-address.ts";
import type { Exchange, Failure } from "./exchange.ts";
import type { Destination, ForwardRequest } from "./forward-request.ts";
import type { ForwardUpgrade } from "./forward-upgrade.ts";
import { headersForVault } from "./headers.ts";
import type { GatewayMetrics } from "./metrics.ts";
import type { Notice } from "./pages/notice.ts";
import { platformUnreachable, refused, unreachable, whenUnreachable } from "./pages/notices.ts";
import { sendNotice, sendStartPage } from "./pages/send.ts";
import { requestIdOf } from "./request-id.ts";
import { targetOf, type Target } from "./request-target.ts";

export interface HandleOptions {
  readonly answer: (target: Target) => Answer;
  readonly clientOf: (origin: Origin) => Client;
  readonly forwardRequest: ForwardRequest;
  readonly forwardUpgrade: ForwardUpgrade;
  readonly metrics: GatewayMetrics;
  readonly log: Log;
  /** The base domain's address, for links. */
  readonly home: string;
  /** An address such as a vault has, for people to read. */
  readonly example: string;
  readonly patienceMs: number;
  readonly bodyIdleMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** The gateway is about to stop: every answer ends its connection. */
  readonly stopping: () => boolean;
}

/** What the public server calls for each request, and for each one that asks for a WebSocket. */
export interface Handle {
  request(req: IncomingMessage, res: ServerResponse): void;
  upgrade(req: IncomingMessage, socket: Socket, head: Buffer): void;
}

type Backed = Extract<Answer, { origin: string }>;

const originOfRequest = (req: IncomingMessage): Origin => ({
  remoteAddress: req.socket.remoteAddress,
  forwardedFor: req.headers["x-forwarded-for"]?.toString(),
  forwardedProto: req.headers["x-forwarded-proto"]?.toString(),
});

const afterFailure = (asked: Backed, host: string, { why }: Failure): Notice => {
  if (why === "invalid") return refused("bad-request");
  if (asked.kind === "platform") return platformUnreachable(host, why);
  const { route } = asked;
  return why === "unreachable" ? whenUnreachable(route) : unreachable(route, why);
};

const destinationOf = (
  { req, client, requestId }: Exchange,
  target: Target,
  { origin, settled }: Backed,
  { patienceMs, bodyIdleMs }: HandleOptions,
): Destination => ({
  origin,
  path: target.path,
  headers: headersForVault(req.rawHeaders, req.headers.connection, { host: target.hostHeader, client, requestId }),
  patienceMs: settled ? patienceMs : 0,
  bodyIdleMs,
});

export const createHandle = (options: HandleOptions): Handle => {
  const { metrics, log, now, home } = options;

  const begin = (req: IncomingMessage, res: ServerResponse): Exchange => {
    const began = now();
    const requestId = requestIdOf(req.headers["x-request-id"]);
    const asked = { method: req.method ?? "", url: req.url ?? "", rawHeaders: req.rawHeaders };
    const found = targetOf(asked);
    const client = options.clientOf(originOfRequest(req));
    const target = typeof found === "string" ? undefined : found;
    const exchange: Exchange = { req, res, requestId, client, began, target, retries: 0 };
    // Also after a refusal: what follows on such a connection may not be what it seems.
    if (options.stopping() || typeof found === "string") res.shouldKeepAlive = false;
    metrics.inFlight(1);
    if (typeof found === "string") say(exchange, refused(found));
    return exchange;
  };

  const say = ({ req, res, requestId }: Exchange, notice: Notice): void => {
    if (!res.headersSent) sendNotice(req, res, notice, { requestId, home });
  };

  const finish = (exchange: Exchange, status: number): void => {
    const finished = now();
    metrics.inFlight(-1);
    metrics.answered(status, ((exchange.answered ?? finished) - exchange.began) / 1000);
    if (exchange.failure) metrics.upstreamError(exchange.failure.why);
    if (exchange.retries > 0) metrics.retried(exchange.retries);
    logAccess(log, exchange, status, finished);
  };

  const serve = (exchange: Exchange, ask: (to: Destination, onFailure: (failure: Failure) => void) => void): void => {
    const { req, res, target, requestId } = exchange;
    if (!target) return;
    const answer = options.answer(target);
    if (answer.kind === "notice") {
      say(exchange, answer.notice);
      return;
    }
    if (answer.kind === "start-page") {
      sendStartPage(req, res, options.example, requestId);
      return;
    }
    if (answer.kind === "vault") exchange.slug = answer.route.slug;
    ask(destinationOf(exchange, target, answer, options), (failure) => {
      exchange.failure = failure;
      say(exchange, afterFailure(answer, target.host, failure));
    });
  };

  return {
    request: (req, res) => {
      const exchange = begin(req, res);
      // A client that left without an answer is counted as nginx does.
      res.once("close", () => finish(exchange, res.headersSent ? res.statusCode : 499));
      serve(exchange, (to, onFailure) => options.forwardRequest(exchange, to, onFailure));
    },
    upgrade: (req, socket, head) => {
      socket.on("error", () => undefined);
      // For every answer but 101, the socket is answered like any other request, and then closed.
      const res = new ServerResponse(req);
      res.shouldKeepAlive = false;
      res.assignSocket(socket);
      res.once("finish", () => socket.end());
      const exchange = begin(req, res);
      const joined = (): boolean => exchange.answered !== undefined && !res.headersSent;
      socket.once("close", () => finish(exchange, joined() ? 101 : res.headersSent ? res.statusCode : 499));
      serve(exchange, (to, onFailure) => options.forwardUpgrade(exchange, { socket, head }, to, onFailure));
    },
  };
};

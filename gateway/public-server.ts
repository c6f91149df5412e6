import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Handle } from "./handle.ts";
import { refused } from "./pages/notices.ts";
import { problem } from "./pages/problem.ts";
import { requestIdOf } from "./request-id.ts";

/** Headers and request line together, in bytes. */
const largestHeaders = 32 * 1024;
const headersMs = 15_000;
/** Longer than the 60 s of common load balancers, so that they close first. */
const keepAliveMs = 65_000;
/** How long a client may go on sending a body whose answer is already given. */
const lingerMs = 10_000;

type Refused = Parameters<typeof refused>[0];

const refusalFor = (code: string | undefined): Refused => {
  if (code === "HPE_HEADER_OVERFLOW") return "headers-too-large";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "too-slow" : "bad-request";
};

/** What never became a request (not HTTP, contradictory lengths, too large) is answered once, and the connection closed. */
const refuseRaw = (why: Refused, socket: Duplex): void => {
  if (!socket.writable) return;
  const notice = refused(why);
  const body = problem(notice, requestIdOf(undefined));
  const head = `HTTP/1.1 ${notice.status} ${STATUS_CODES[notice.status] ?? ""}\r\nConnection: close\r\nCache-Control: no-store\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  socket.end(head + body);
};

/** An answered request whose body goes on and on is cut after a while. */
const limitLinger = (req: IncomingMessage, res: ServerResponse): void => {
  res.once("finish", () => {
    if (req.complete) return;
    const timer = setTimeout(() => req.socket.destroy(), lingerMs).unref();
    req.once("close", () => clearTimeout(timer));
  });
};

/**
 * The HTTP server that everybody reaches. Node's strict parser refuses what could be read in two ways (both lengths,
 * bare line feeds, folded headers); only WebSockets may leave HTTP, so that no "h2c" passes by the checks.
 * @param onRefused told for each connection that was refused before it became a request
 */
export const createPublicServer = (handle: Handle, onRefused: (status: number) => void): Server => {
  const server = createServer({
    maxHeaderSize: largestHeaders,
    headersTimeout: headersMs,
    connectionsCheckingInterval: 5_000,
    // Uploads and streams may take as long as they move; silence is watched where the body is read.
    requestTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    noDelay: true,
    insecureHTTPParser: false,
    requireHostHeader: true,
    shouldUpgradeCallback: ({ method, headers }) =>
      method === "GET" && headers.upgrade?.trim().toLowerCase() === "websocket",
  });
  const onRequest = (req: IncomingMessage, res: ServerResponse): void => {
    limitLinger(req, res);
    handle.request(req, res);
  };
  server.on("request", onRequest);
  // "100 Continue" is said when the vault wants the body (request-body.ts).
  server.on("checkContinue", onRequest);
  server.on("upgrade", (req, socket, head: Buffer) => {
    if (socket instanceof Socket) handle.upgrade(req, socket, head);
  });
  server.on("connect", (_req, socket) => {
    socket.on("error", () => undefined);
    onRefused(405);
    refuseRaw("method-not-allowed", socket);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const why = refusalFor(error.code);
    onRefused(refused(why).status);
    refuseRaw(why, socket);
  });
  return server;
};

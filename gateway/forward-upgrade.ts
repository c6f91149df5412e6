import { request, type ClientRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import type { Exchange, Failure } from "./exchange.ts";
import type { Destination } from "./forward-request.ts";
import { headersForClient } from "./headers.ts";
import { createPatience } from "./patience.ts";
import { failureOf } from "./upstream-failure.ts";

/** Opens a WebSocket to a vault and joins it with the client's socket. */
export type ForwardUpgrade = (
  exchange: Exchange,
  client: { readonly socket: Socket; readonly head: Buffer },
  destination: Destination,
  onFailure: (failure: Failure) => void,
) => void;

const keepOpen = (socket: Socket): void => {
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
};

/** The 101 as the vault gave it. Node's parser lets no line break into a header, so nothing can be slipped in. */
const switchingProtocols = (answer: IncomingMessage, requestId: string): Buffer => {
  const headers = headersForClient(answer.rawHeaders, requestId);
  const lines = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", `Upgrade: ${answer.headers.upgrade ?? ""}`];
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i] ?? ""}: ${headers[i + 1] ?? ""}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
};

/** Bytes both ways until either side closes; then both are closed. */
const join = (client: Duplex, vault: Duplex): void => {
  client.on("error", () => vault.destroy()).on("close", () => vault.destroy());
  vault.on("error", () => client.destroy()).on("close", () => client.destroy());
  client.pipe(vault);
  vault.pipe(client);
};

/** The vault said something else than 101 (not logged in, no such socket): that is the answer. */
const passAnswer = ({ res, requestId }: Exchange, answer: IncomingMessage): void => {
  res.writeHead(answer.statusCode ?? 502, headersForClient(answer.rawHeaders, requestId));
  pipeline(answer, res, () => undefined);
};

/**
 * @param now monotonic milliseconds
 * @param answerMs how long the vault may take to answer
 * @param onJoined both sides were joined; called with the client's socket
 */
export const createForwardUpgrade =
  (now: () => number, answerMs: number, onJoined: (socket: Socket) => void): ForwardUpgrade =>
  (exchange, { socket, head }, destination, onFailure) => {
    const patience = createPatience(destination.patienceMs, now);
    const { hostname, port } = new URL(destination.origin);
    const upgrade = exchange.req.headers.upgrade ?? "websocket";
    const headers = [...destination.headers, "Connection", "Upgrade", "Upgrade", upgrade];
    let current: ClientRequest | undefined;
    let pause: NodeJS.Timeout | undefined;

    const send = (): void => {
      let connected = false;
      let answered = false;
      const vault = request({ host: hostname, port, method: "GET", path: destination.path, headers, setHost: false });
      current = vault;
      vault.setTimeout(answerMs, () => vault.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
      vault.on("socket", (upstream) => upstream.once("connect", () => (connected = true)));
      vault.on("upgrade", (answer, upstream: Socket, first: Buffer) => {
        answered = true;
        exchange.answered = now();
        keepOpen(upstream);
        keepOpen(socket);
        socket.write(switchingProtocols(answer, exchange.requestId));
        if (first.length > 0) socket.write(first);
        if (head.length > 0) upstream.write(head);
        join(socket, upstream);
        onJoined(socket);
      });
      vault.on("response", (answer) => {
        answered = true;
        exchange.answered = now();
        passAnswer(exchange, answer);
      });
      vault.on("error", (error) => {
        if (answered || socket.destroyed) return;
        const failure = failureOf(error, connected);
        const wait = failure.why === "unreachable" ? patience.next() : undefined;
        if (wait === undefined) {
          onFailure(failure);
          return;
        }
        exchange.retries += 1;
        pause = setTimeout(send, wait);
      });
      vault.end();
    };

    socket.once("close", () => {
      clearTimeout(pause);
      current?.destroy();
    });
    send();
  };

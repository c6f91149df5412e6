import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { request } from "node:https";
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from "node:net";
import type { ClusterAccess } from "../../kube/cluster-access.ts";

/** What a request meets instead of the API server. */
export type Fault =
  | { readonly answer: number; readonly retryAfter?: string; readonly body?: unknown }
  /** The head and half of the body, then the end of the connection. */
  | "cut";

/** An HTTP proxy before the API server: each request may be answered by a fault. */
export interface FaultProxy {
  /** The cluster as seen through the proxy. */
  readonly access: ClusterAccess;
  /** Decides for each request from now on; undefined: forward. */
  rule(decide: (request: IncomingMessage) => Fault | undefined): void;
  /** Requests so far, "GET /api/v1/…". */
  readonly requests: string[];
  /** Cuts every open connection, watches too. */
  drop(): void;
  close(): Promise<void>;
}

const listen = async (server: Server | TcpServer): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

const forward = async (
  access: ClusterAccess,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  cut: boolean,
): Promise<void> => {
  const { ca, cert, key } = await access.credentials();
  const headers = { ...incoming.headers, host: access.server.host };
  const options = { method: incoming.method, path: incoming.url, headers, ca, cert, key, agent: false as const };
  const upstream = request(access.server, options, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    if (!cut) {
      answer.pipe(outgoing);
      return;
    }
    answer.once("data", (chunk: Buffer) => {
      outgoing.write(chunk.subarray(0, Math.floor(chunk.length / 2)), () => outgoing.destroy());
      answer.destroy();
    });
  });
  upstream.on("error", () => outgoing.destroy());
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
};

export const startFaultProxy = async (access: ClusterAccess): Promise<FaultProxy> => {
  let decide: (request: IncomingMessage) => Fault | undefined = () => undefined;
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    requests.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    const fault = decide(incoming);
    if (fault === undefined || fault === "cut") {
      void forward(access, incoming, outgoing, fault === "cut");
      return;
    }
    incoming.resume();
    const body = fault.body ?? { kind: "Status", code: fault.answer, message: "a fault of the test" };
    const retry = fault.retryAfter ? { "Retry-After": fault.retryAfter } : {};
    outgoing.writeHead(fault.answer, { "Content-Type": "application/json", ...retry }).end(JSON.stringify(body));
  });
  const port = await listen(server);
  return {
    access: { ...access, server: new URL(`http://127.0.0.1:${port}`) },
    rule: (next) => void (decide = next),
    requests,
    drop: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A TCP proxy that can stop passing bytes on without closing anything: a dead link without a FIN. */
export interface FreezingProxy {
  readonly access: ClusterAccess;
  /** Connections open now pass nothing more, for ever; new ones work. */
  freezeOpen(): void;
  /** Connections that exist now. */
  open(): number;
  close(): Promise<void>;
}

export const startFreezingProxy = async (access: ClusterAccess): Promise<FreezingProxy> => {
  const pairs = new Set<[Socket, Socket]>();
  const server = createTcpServer((client) => {
    const upstream = connect(Number(access.server.port), access.server.hostname);
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  const port = await listen(server);
  return {
    access: { ...access, server: new URL(`https://127.0.0.1:${port}`) },
    freezeOpen: () => {
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).pause();
        upstream.unpipe(client).pause();
      }
    },
    open: () => pairs.size,
    close: async () => {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Log } from "./access-log.ts";
import { createAnswer } from "./answer.ts";
import { clientOf, trustedProxies } from "./client-address.ts";
import type { GatewayConfig } from "./config.ts";
import { createForwardRequest } from "./forward-request.ts";
import { createForwardUpgrade } from "./forward-upgrade.ts";
import { createHandle } from "./handle.ts";
import type { HostTable } from "./host-table.ts";
import { createInternalServer } from "./internal-server.ts";
import { createMetrics } from "./metrics.ts";
import { createPublicServer } from "./public-server.ts";
import { createVaultConnections } from "./vault-connections.ts";
import type { Backend } from "./vault-route.ts";

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly table: HostTable;
  /** Where a backend is to be reached; undefined when it may not be. */
  readonly originOf: (backend: Backend) => string | undefined;
  /** The table holds every vault there is. Once true it stays so: an API server that is away changes no route. */
  readonly synced: () => boolean;
  readonly watchAgeMs: () => number;
  readonly log: Log;
  /** Also measure the process itself. */
  readonly processMetrics?: boolean;
}

/** The front door, with its table from outside. */
export interface Gateway {
  /** Opens both ports; resolves with the ports in use. */
  listen(): Promise<{ readonly port: number; readonly internalPort: number }>;
  /**
   * Stops without dropping a request: not ready at once; new connections are served until every load balancer has
   * heard; then what is still open gets the drain time.
   */
  stop(): Promise<void>;
}

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

const untilEmpty = (sockets: ReadonlySet<Socket>): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (sockets.size === 0) resolve();
    };
    for (const socket of sockets) socket.once("close", () => setImmediate(look));
    look();
  });

const homeOf = (template: string): string => template.replace("{slug}.", "");

/** Puts the parts together; opens nothing before `listen`. */
export const createGateway = (options: GatewayOptions): Gateway => {
  const { config, table, log } = options;
  const { waits, publicUrlTemplate } = config;
  const now = (): number => performance.now();
  const scheme = publicUrlTemplate.startsWith("https:") ? "https" : "http";
  const isTrusted = trustedProxies(config.trustedProxies);
  const webSockets = new Set<Socket>();
  let stopping = false;

  const metrics = createMetrics({
    vaults: () => table.vaults,
    hosts: () => table.hosts,
    watchAgeSeconds: () => options.watchAgeMs() / 1000,
    process: options.processMetrics ?? false,
  });
  const onJoined = (socket: Socket): void => {
    webSockets.add(socket);
    metrics.webSockets(1);
    socket.once("close", () => {
      webSockets.delete(socket);
      metrics.webSockets(-1);
    });
  };
  const connections = createVaultConnections(waits);
  const handle = createHandle({
    answer: createAnswer({ ...config, table, originOf: options.originOf }),
    clientOf: (origin) => clientOf(origin, isTrusted, scheme),
    forwardRequest: createForwardRequest(connections, now),
    forwardUpgrade: createForwardUpgrade(now, waits.answer, onJoined),
    metrics,
    log,
    home: homeOf(publicUrlTemplate),
    example: publicUrlTemplate.replace("{slug}", "your-choir"),
    patienceMs: waits.patience,
    bodyIdleMs: waits.bodyIdle,
    now,
    stopping: () => stopping,
  });
  const open = createPublicServer(handle, (status) => metrics.answered(status, 0));
  const internal = createInternalServer({
    metrics,
    notReady: () => (stopping ? "stopping" : options.synced() ? undefined : "the first list of Tenants is not in yet"),
  });

  const drain = async (): Promise<void> => {
    const over = Promise.all([closed(open), untilEmpty(webSockets)]);
    const timeIsUp = new AbortController();
    await Promise.race([over, setTimeout(waits.drain, undefined, { signal: timeIsUp.signal }).catch(() => undefined)]);
    timeIsUp.abort();
    if (webSockets.size > 0) log.warn({ webSockets: webSockets.size }, "drain time is up: closing what is open");
    for (const socket of webSockets) socket.destroy();
    open.closeAllConnections();
    await connections.close();
  };

  return {
    listen: async () => ({
      port: await listening(open, config.port),
      internalPort: await listening(internal, config.internalPort),
    }),
    stop: async () => {
      if (stopping) return;
      stopping = true;
      await setTimeout(waits.shutdownDelay);
      await drain();
      internal.closeAllConnections();
      await closed(internal);
    },
  };
};

import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface GracefulServer {
  /** Resolves to the port that was bound. */
  listen(port: number): Promise<number>;
  /** From now on each reply asks its client to leave the connection. Requests are still served. */
  startDraining(): void;
  /** Takes no more connections, waits for requests under way, and cuts what is left at the deadline. True if none was cut. */
  close(deadlineMs: number): Promise<boolean>;
}

/** An HTTP server that can leave without dropping a request. */
export function gracefulServer(listener: RequestListener): GracefulServer {
  const open = new Set<ServerResponse>();
  let draining = false;
  const leave = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader("Connection", "close");
  };
  const server = createServer((request, response) => {
    open.add(response);
    response.on("close", () => open.delete(response));
    if (draining) leave(response);
    listener(request, response);
  });
  // Longer than any gateway keeps an idle connection: the side that sends requests must be the one that closes.
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 20_000;
  server.requestTimeout = 60_000;
  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, () => {
          server.off("error", reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    startDraining: () => {
      draining = true;
      for (const response of open) leave(response);
    },
    close: async (deadlineMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Connections that become idle after close() would otherwise stay until their keep-alive time is over.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      let cut = false;
      const deadline = setTimeout(() => {
        cut = open.size > 0;
        server.closeAllConnections();
      }, deadlineMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(deadline);
      return !cut;
    },
  };
}

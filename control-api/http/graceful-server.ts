import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens; resolves with the port once it is bound. */
export const listenOn = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => resolve((server.address() as AddressInfo).port));
  });

/** Takes no more connections and lets requests under way end; what takes longer than `withinMs` is cut. */
export const closeGracefully = (server: Server, withinMs: number): Promise<void> =>
  new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });

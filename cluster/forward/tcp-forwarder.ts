import { connect, createServer, type Server, type Socket } from "node:net";
import { unavailable, type ForwardRoute } from "./routes.ts";
import type { cachedLookup } from "./service-lookup.ts";

type Lookup = ReturnType<typeof cachedLookup>;

/** Listens on a route's port of 127.0.0.1 and carries each connection to the Service's cluster IP as it is then. */
export function startTcpForwarder(route: ForwardRoute, lookup: Lookup, host = "127.0.0.1"): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on("error", () => client.destroy());
    carry(client, route, lookup).catch((error: unknown) => {
      refuse(client, route, `could not be looked up (${error instanceof Error ? error.message : String(error)})`);
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const used = `${host}:${route.port} is in use by another program (\`ss -ltnp\` shows which); it is needed for the Service ${route.service}`;
      reject(error.code === "EADDRINUSE" ? new Error(used) : error);
    });
    server.listen(route.port, host, () => resolve(server));
  });
}

async function carry(client: Socket, route: ForwardRoute, lookup: Lookup): Promise<void> {
  const address = await lookup(route);
  if (address === undefined) {
    refuse(client, route, "is not there");
    return;
  }
  const upstream = connect({ host: address, port: route.servicePort, allowHalfOpen: true, noDelay: true });
  upstream.setTimeout(5000, () => upstream.destroy(new Error("no answer within 5 s")));
  upstream.once("connect", () => {
    upstream.setTimeout(0);
    client.pipe(upstream).pipe(client);
  });
  upstream.on("error", (error) => {
    lookup.forget(route);
    if (upstream.bytesRead === 0 && upstream.bytesWritten === 0)
      refuse(client, route, `does not answer (${error.message})`);
    else client.destroy();
  });
  upstream.on("close", () => client.destroySoon());
  client.on("close", () => upstream.destroy());
}

function refuse(client: Socket, route: ForwardRoute, reason: string): void {
  if (route.http) client.end(unavailable(route, reason));
  else client.destroy();
}

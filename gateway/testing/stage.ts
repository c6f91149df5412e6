import { createServer, type RequestListener, type Server } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { aRoute, backendAt, portOf, startGateway, type GatewayUnderTest } from "./gateway-under-test.ts";

/** Gateways and vaults of one test, all closed together at its end. */
export interface Stage {
  readonly gateway: (env?: Record<string, string>) => Promise<GatewayUnderTest>;
  /** A web server in a vault's place; port 0: a free one. */
  readonly vault: (listener: RequestListener, port?: number) => Promise<Server>;
  /** A gateway with one vault behind alto.polyphony.localhost. */
  readonly withVault: (
    listener: RequestListener,
    env?: Record<string, string>,
  ) => Promise<GatewayUnderTest & { server: Server }>;
  /** Something else to close at the end. */
  readonly atEnd: (close: () => Promise<void> | void) => void;
  readonly clear: () => Promise<void>;
}

export const createStage = (): Stage => {
  const closers: (() => Promise<void> | void)[] = [];
  const gateway: Stage["gateway"] = async (env = {}) => {
    const under = await startGateway(env);
    closers.push(() => under.stop());
    return under;
  };
  const vault: Stage["vault"] = async (listener, port = 0) => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return server;
  };
  return {
    gateway,
    vault,
    withVault: async (listener, env = {}) => {
      const server = await vault(listener);
      const under = await gateway(env);
      under.table.set(aRoute("alto", { backend: backendAt(portOf(server)) }));
      return { ...under, server };
    },
    atEnd: (close) => void closers.push(close),
    clear: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
};

/** Waits until something is so; fails after a minute. */
export const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error("it did not come about in time");
    await wait(5);
  }
};

import { Agent, type Dispatcher } from "undici";
import type { Waits } from "./config.ts";

/** Connections to vaults. */
export interface VaultConnections {
  /** For methods that may be sent again (RFC 9110, 9.2.2): kept open and used in turn. */
  readonly reused: Dispatcher;
  /**
   * One connection for one request. A kept connection may be closed by the vault in the very moment it is used; a GET
   * is then sent again, but nobody knows whether a POST took effect. So those never go over a used connection.
   */
  readonly single: Dispatcher;
  close(): Promise<void>;
}

const largestHeaders = 64 * 1024;
/** Shorter than the five seconds after which Node's servers close an idle connection. */
const idleMs = 4_000;

export const createVaultConnections = (waits: Waits): VaultConnections => {
  const options: Agent.Options = {
    connect: { timeout: waits.connect, keepAlive: true, keepAliveInitialDelay: 30_000 },
    headersTimeout: waits.answer,
    bodyTimeout: 0,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: 60_000,
    maxHeaderSize: largestHeaders,
  };
  const reused = new Agent({ ...options, pipelining: 1 });
  const single = new Agent({ ...options, pipelining: 0 });
  return {
    reused,
    single,
    close: async () => {
      await Promise.all([reused.destroy(), single.destroy()]);
    },
  };
};

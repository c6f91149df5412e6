import type { Clock } from "../../kube/clock.ts";
import type { FencedError } from "./errors.ts";
import { createPgLink, type EffectObserver, type PgLink } from "./pg-link.ts";
import { createPgServer } from "./pg-server.ts";
import type { DatabaseServer, DatabaseServers, Finding, ServerConnection } from "./tenant-database.ts";

export interface PgServersOptions {
  /** From the Lease: higher for each new leader. */
  epoch: number;
  /** polyphony.dev/instance: which installation this is. */
  instance: string;
  /** Which process: the pod's name. */
  holder: string;
  clock: Clock;
  /** Effects in flight per server; the default of 8 is where a copy of a template stops getting quicker. */
  maxInFlight?: number;
  onEffect?: EffectObserver;
  /** A newer leader was seen: the process should end. */
  onFenced?: (error: FencedError) => void;
}

interface Connected {
  fingerprint: string;
  server: DatabaseServer;
  link: PgLink;
  findings: Finding[];
}

/** The registry of real servers. */
export const createPgServers = (options: PgServersOptions): DatabaseServers => {
  const connected = new Map<string, Connected>();
  const { epoch, instance, holder, clock, maxInFlight = 8, onEffect, onFenced } = options;

  const open = async (name: string, connection: ServerConnection): Promise<Connected> => {
    const owner = { epoch, instance };
    const link = createPgLink({ name, connection, owner, maxInFlight, onEffect, onFenced });
    const server = createPgServer({ link, capacity: connection.capacity, clock, holder });
    try {
      const findings = await server.prepare();
      await server.fence();
      return { fingerprint: JSON.stringify(connection), server, link, findings };
    } catch (error) {
      await link.close();
      throw error;
    }
  };

  const disconnect = async (name: string): Promise<void> => {
    const old = connected.get(name);
    connected.delete(name);
    await old?.link.close();
  };

  return {
    get: (name) => connected.get(name)?.server,
    findings: (name) => connected.get(name)?.findings ?? [],
    async connect(name, connection) {
      const present = connected.get(name);
      if (present?.fingerprint === JSON.stringify(connection)) return present.server;
      const next = await open(name, connection);
      // Those at work on the old connection finish there; the pool ends when they have let go of it.
      void present?.link.close();
      connected.set(name, next);
      return next.server;
    },
    disconnect,
    async close() {
      await Promise.all([...connected.keys()].map(disconnect));
    },
  };
};

import type { Clock } from "../../kube/clock.ts";
import { DatabaseError, FencedError } from "./errors.ts";
import { createFakeAdoption } from "./fake-adoption.ts";
import { createFakeGolden } from "./fake-golden.ts";
import { createFakeMigrations } from "./fake-migrations.ts";
import type { FakePostgres } from "./fake-postgres.ts";
import { createFakeUsage } from "./fake-usage.ts";
import { createFakeVaults } from "./fake-vaults.ts";
import type { EffectObserver } from "./pg-link.ts";
import type { DatabaseServer, DatabaseServers, ServerConnection } from "./tenant-database.ts";
import { vaultUrl } from "./vault-url.ts";

export interface FakeServersOptions {
  epoch?: number;
  instance?: string;
  holder?: string;
  clock: Clock;
  onEffect?: EffectObserver;
  /** The pretended server behind a connection; a URL that leads nowhere gives undefined. */
  postgresAt: (connection: ServerConnection) => FakePostgres | undefined;
}

const unreachable = (name: string): DatabaseError =>
  new DatabaseError(
    "DatabaseServerUnreachable",
    `Database server "${name}" cannot be reached. Check that it runs and that its address and network rules are right.`,
  );

const createFakeServer = (
  name: string,
  connection: ServerConnection,
  postgres: FakePostgres,
  options: FakeServersOptions,
): DatabaseServer => {
  const { clock, onEffect, epoch = 1, instance = "default", holder = "operator-0" } = options;
  // A server that answers does so later, never in the same turn.
  const unfenced = async (): Promise<void> => {
    await Promise.resolve();
    if (postgres.trouble) throw postgres.trouble;
  };
  const reading = async (): Promise<void> => {
    await unfenced();
    const current = postgres.fence.get(instance)?.epoch ?? 0;
    if (current !== epoch) throw new FencedError(name, current);
  };
  const effect: Parameters<typeof createFakeGolden>[2] = async (effectName, work) => {
    await onEffect?.(effectName, "before", name);
    await reading();
    work();
    await onEffect?.(effectName, "after", name);
  };
  const vaults = createFakeVaults(name, postgres, connection.capacity, clock, effect, reading);
  const databases = (): number => [...postgres.vaults.values()].filter(({ database }) => database !== null).length;
  return {
    name,
    async probe() {
      await reading();
      const { version, versionNumber, recoveryInitSyncMethod } = postgres;
      return {
        version,
        versionNumber,
        recoveryInitSyncMethod,
        isSuperuser: false,
        canCreateRole: true,
        canCreateDatabase: true,
        maxConnections: 100,
        databases: databases(),
        bytes: databases() * 10_000_000,
        largeObjectsOpen: false,
      };
    },
    async measure() {
      await reading();
      for (const { database } of postgres.vaults.values()) if (database) database.bytes = 10_000_000;
      return { databases: databases(), bytes: databases() * 10_000_000 };
    },
    async prepare() {
      await unfenced();
      if (postgres.versionNumber >= 150_000) return [];
      throw new DatabaseError(
        "DatabaseServerTooOld",
        `Database server "${name}" is PostgreSQL ${postgres.version}; version 15 or later is needed. Upgrade it.`,
      );
    },
    async fence() {
      await unfenced();
      const current = postgres.fence.get(instance);
      if (current && (current.epoch > epoch || (current.epoch === epoch && current.holder !== holder)))
        throw new FencedError(name, current.epoch);
      postgres.fence.set(instance, { epoch, holder });
    },
    urlFor: (login) => vaultUrl(name, connection, login),
    ...vaults,
    ...createFakeAdoption(name, postgres, connection.capacity, effect, vaults.observe),
    ...createFakeUsage(postgres, effect),
    ...createFakeGolden(name, postgres, effect, reading),
    ...createFakeMigrations(postgres, clock, effect, reading),
  };
};

/** The registry over pretended servers. */
export const createFakeServers = (options: FakeServersOptions): DatabaseServers => {
  const connected = new Map<string, { fingerprint: string; server: DatabaseServer }>();
  return {
    get: (name) => connected.get(name)?.server,
    findings: () => [],
    async connect(name, connection) {
      const fingerprint = JSON.stringify(connection);
      const present = connected.get(name);
      if (present?.fingerprint === fingerprint) return present.server;
      const postgres = options.postgresAt(connection);
      if (!postgres) throw unreachable(name);
      const server = createFakeServer(name, connection, postgres, options);
      await server.prepare();
      await server.fence();
      connected.set(name, { fingerprint, server });
      return server;
    },
    disconnect(name) {
      connected.delete(name);
      return Promise.resolve();
    },
    close() {
      connected.clear();
      return Promise.resolve();
    },
  };
};

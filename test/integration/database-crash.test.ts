import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DatabaseServer, GoldenSpec } from "../../operator/database/tenant-database.ts";
import { openRealPostgres, run } from "../contract/real-postgres.ts";
import {
  aGolden,
  aVault,
  type ContractServer,
  migratorPassword,
  passwordOf,
  proofFor,
  soon,
} from "../contract/tenant-database-kit.ts";
import { type PostgresServer, startPostgres } from "../harness/postgres.ts";
import { eventually } from "../harness/eventually.ts";

let postgres: PostgresServer;
let world: ContractServer;
let golden: GoldenSpec;
let epoch = 1;

const start = async (onEffect?: Parameters<ContractServer["start"]>[0]): Promise<DatabaseServer> => {
  epoch += 1;
  return (await world.start({ epoch, ...onEffect })).server;
};

/** Tries again, as a reconcile does, until it works. */
const untilWorks = <R extends object>(work: () => Promise<R>): Promise<R> =>
  eventually("it works", work, { everyMs: 50 });

beforeAll(async () => {
  // A server of its own: this one is killed.
  postgres = await startPostgres();
  world = await openRealPostgres(postgres);
  const server = await start();
  golden = aGolden();
  await server.createGoldenDraft(golden, soon());
  await world.migrate(golden, migratorPassword);
  await server.finishGolden(golden);
});

afterAll(async () => {
  await world.stop();
  await postgres.stop();
});

describe("fault 20: PostgreSQL dies while a vault's database is made", () => {
  it.each([
    [1, "before"],
    [1, "after"],
    [2, "before"],
    [2, "after"],
    [3, "before"],
    [3, "after"],
  ] as const)(
    "kill -9 at effect %i, %s it: the same operator comes to the same end within ten seconds",
    async (at, when) => {
      let seen = 0;
      const server = await start({
        onEffect: async (_effect, phase) => {
          if (phase === "before") seen += 1;
          if (seen !== at || phase !== when) return;
          seen = Infinity;
          await postgres.crash();
        },
      });
      const spec = aVault(golden);
      await untilWorks(() => server.converge(spec));
      expect(await server.converge(spec)).toEqual([]);
      expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadWrite");
      await server.drop(spec.vaultId, proofFor(spec.vaultId));
    },
    30_000,
  );

  it("sessions cut in the middle of a statement leave nothing half done that a second run does not finish", async () => {
    const server = await start();
    for (let round = 0; round < 12; round += 1) {
      const spec = aVault(golden, { strategy: round % 2 === 0 ? "WAL_LOG" : "FILE_COPY" });
      const cut = sleep(2 + round * 4).then(() =>
        run(
          postgres.adminUrl,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'polyphony_operator'",
        ),
      );
      await Promise.allSettled([server.converge(spec), cut]);
      await untilWorks(() => server.converge(spec));
      expect(await server.converge(spec)).toEqual([]);
      expect(await world.access(spec.vaultId, "a", passwordOf(1))).toBe("ReadWrite");
    }
    const facts = [...(await server.observeAll()).values()];
    expect(facts.every(({ database, lost }) => database?.finished === true && !lost)).toBe(true);
  });

  it("fault 13: a server that is frozen is told to be unreachable within half a minute, and serves on when it thaws", async () => {
    const server = await start();
    const rows = await run<{ pid: number }>(
      postgres.adminUrl,
      "SELECT pid FROM pg_stat_activity WHERE usename = 'polyphony_operator' AND application_name LIKE $1",
      [`polyphony-operator/${epoch}/%`],
    );
    for (const { pid } of rows) process.kill(pid, "SIGSTOP");
    const began = Date.now();
    await expect(server.observe(aVault(golden).vaultId)).rejects.toMatchObject({ reason: "DatabaseServerUnreachable" });
    expect(Date.now() - began).toBeLessThan(30_000);
    for (const { pid } of rows) process.kill(pid, "SIGCONT");
    const spec = aVault(golden);
    await untilWorks(() => server.converge(spec));
    expect(await server.converge(spec)).toEqual([]);
  });
});

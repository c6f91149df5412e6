import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { vaultDatabaseName } from "../../operator/database/names.ts";
import type { DatabaseServer } from "../../operator/database/tenant-database.ts";
import { startPostgres18 } from "../contract/embedded-postgres.ts";
import { openRealPostgres, run, urlAt, type PostgresUrls } from "../contract/real-postgres.ts";
import {
  aGolden,
  aVault,
  type ContractServer,
  migratorPassword,
  proofFor,
  soon,
} from "../contract/tenant-database-kit.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";

/** A table that autovacuum takes up at once and needs minutes for. */
const busyTable = `
  CREATE TABLE busy (n bigint) WITH (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
    autovacuum_vacuum_insert_threshold = 1, autovacuum_vacuum_insert_scale_factor = 0);
  INSERT INTO busy SELECT generate_series(1, 200000)`;

const openPostgres15 = (): Promise<PostgresUrls & { stop(): Promise<void> }> =>
  Promise.resolve({
    adminUrl: started.adminUrl(),
    operatorUrl: started.operatorUrl(),
    stop: () => Promise.resolve(),
  });

describe.each([
  ["PostgreSQL 15", openPostgres15],
  ["PostgreSQL 18", startPostgres18],
])("a database that autovacuum works in, %s", (_title, open) => {
  let postgres: PostgresUrls & { stop(): Promise<void> };
  let world: ContractServer;
  let server: DatabaseServer;

  const setNaptime = async (set: string): Promise<void> => {
    await run(postgres.adminUrl, `ALTER SYSTEM ${set}`);
    await run(postgres.adminUrl, "SELECT pg_reload_conf()");
  };
  const autovacuumIn = async (database: string): Promise<boolean> => {
    const rows = await run(
      postgres.adminUrl,
      "SELECT FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'autovacuum worker'",
      [database],
    );
    return rows.length > 0;
  };
  const keepBusy = async (database: string): Promise<void> => {
    await run(urlAt(postgres.adminUrl, database), busyTable);
    await eventually(`autovacuum in ${database}`, () => autovacuumIn(database));
  };

  beforeAll(async () => {
    postgres = await open();
    world = await openRealPostgres(postgres);
    await setNaptime("SET autovacuum_naptime = '1s'");
    ({ server } = await world.start());
  });
  afterAll(async () => {
    await setNaptime("RESET autovacuum_naptime");
    await world.stop();
    await postgres.stop();
  });

  it("K4: is dropped with its vault", async () => {
    const golden = aGolden();
    await server.createGoldenDraft(golden, soon());
    await world.migrate(golden, migratorPassword);
    await server.finishGolden(golden);
    const vault = aVault(golden);
    const { vaultId } = vault;
    await server.converge(vault);
    await keepBusy(vaultDatabaseName(vaultId));
    expect(await server.drop(vaultId, proofFor(vaultId))).toContain("DropDatabase");
    expect(await server.observe(vaultId)).toBeNull();
  });

  it("R3: is dropped with its release", async () => {
    const golden = aGolden();
    await server.createGoldenDraft(golden, soon());
    await keepBusy(golden.database);
    expect(await server.dropGolden(golden.database)).toEqual(["DropGolden"]);
    expect(await server.observeGolden(golden.database)).toBeNull();
  });
});

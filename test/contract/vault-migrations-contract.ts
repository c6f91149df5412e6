import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { vaultDatabaseName } from "../../operator/database/names.ts";
import type { DatabaseServer, GoldenSpec } from "../../operator/database/tenant-database.ts";
import type { MigrationTarget } from "../../operator/database/vault-migrations.ts";
import { aGolden, aVault, type ContractServer, migratorPassword, soon } from "./tenant-database-kit.ts";

/** The promises of `vault-migrations.ts`, for any server that keeps them. */
export const vaultMigrationsContract = (title: string, open: () => Promise<ContractServer>): void => {
  describe(`${title} keeps the promises of migrations`, () => {
    let world: ContractServer;
    let server: DatabaseServer;
    let golden: GoldenSpec;
    const series = { name: "fleet-1", template: "choir" };
    let runs = 0;

    beforeAll(async () => {
      world = await open();
      ({ server } = await world.start({ epoch: 1 }));
      golden = aGolden();
      await server.createGoldenDraft(golden, soon());
      await world.migrate(golden, migratorPassword);
      await server.finishGolden(golden);
    });
    afterAll(() => world.stop());

    const newVault = async (): Promise<{ vaultId: string; target: MigrationTarget }> => {
      const spec = aVault(golden);
      await server.converge(spec);
      runs += 1;
      const target = {
        run: `fleet-1-${String(runs)}`,
        database: vaultDatabaseName(spec.vaultId),
        release: "choir-2.0.0",
        template: "choir",
        schemaVersion: 8,
        writableWhenReadOnly: golden.writableWhenReadOnly,
      };
      return { vaultId: spec.vaultId, target };
    };
    const factsOf = async ({ database, release }: MigrationTarget) =>
      (await server.observeMigrations(release, database)).get(database);

    it("knows a new vault's schema from its golden template", async () => {
      const { vaultId, target } = await newVault();
      const schema = { version: 7, oldestSupported: 7 };
      expect(await factsOf(target)).toEqual({ schema, failures: 0, lastFailure: null });
      expect((await server.observe(vaultId))?.schema).toEqual(schema);
      expect((await server.observeMigrations("choir-2.0.0")).size).toBeGreaterThan(0);
    });

    it("lets the migrator in for the time of its series only, and says so once", async () => {
      expect(await server.beginMigrations(series, soon())).toEqual(["EnableMigrator"]);
      expect(await server.beginMigrations(series, soon())).toEqual([]);
      expect((await server.observeGolden(golden.database))?.migratorEnabledUntil).not.toBeNull();
      await server.beginMigrations({ ...series, name: "fleet-2" }, soon());
      expect(await server.endMigrations(series)).toEqual([]);
      expect(await server.endMigrations({ ...series, name: "fleet-2" })).toEqual(["DisableMigrator"]);
      expect(await server.endMigrations(series)).toEqual([]);
      expect((await server.observeGolden(golden.database))?.migratorEnabledUntil).toBeNull();
    });

    it("records a success only when the database has the schema, and once", async () => {
      const { vaultId, target } = await newVault();
      await server.beginMigrations(series, soon());
      expect(await server.finishMigration(target)).toMatchObject({ version: 7 });
      expect((await factsOf(target))?.schema.version).toBe(7);
      const schema = { version: 8, oldestSupported: 6 };
      await world.migrateVault(vaultId, schema, migratorPassword);
      expect(await server.finishMigration(target)).toEqual({ ...schema, gaveRights: false });
      expect(await server.finishMigration(target)).toEqual({ ...schema, gaveRights: false });
      expect(await factsOf(target)).toEqual({ schema, failures: 0, lastFailure: null });
      expect((await server.observe(vaultId))?.schema).toEqual(schema);
      await server.endMigrations(series);
    });

    it("records a success by the run's own receipt, once, and by no other", async () => {
      const [mine, elses, none, older, hidden] = await Promise.all(Array.from({ length: 5 }, newVault));
      if (!mine || !elses || !none || !older || !hidden) throw new Error("there are five");
      const { run } = mine.target;
      const schema = { version: 8, oldestSupported: 6 };
      await server.beginMigrations(series, soon());
      await world.migrateVault(mine.vaultId, schema, migratorPassword, run);
      await world.migrateVault(elses.vaultId, schema, migratorPassword, `${run}0`);
      await world.migrateVault(none.vaultId, schema, migratorPassword);
      await world.migrateVault(older.vaultId, { ...schema, version: 7 }, migratorPassword, run);
      await world.migrateVault(hidden.vaultId, schema, migratorPassword, run);
      await world.hideNotes(hidden.vaultId);
      const all = [mine, elses, none, older, hidden].map(({ target }) => target.database);
      const only = new Set([mine.target.database]);
      expect(await server.finishByReceipt(mine.target, all)).toEqual(only);
      expect(await server.finishByReceipt(mine.target, all)).toEqual(only);
      expect(await server.finishByReceipt(mine.target, [])).toEqual(new Set());
      expect(await factsOf(mine.target)).toEqual({ schema, failures: 0, lastFailure: null });
      for (const { target } of [elses, none, older, hidden])
        expect(await factsOf(target)).toMatchObject({ schema: { version: 7 } });
      expect(await server.finishMigration({ ...hidden.target, run })).toMatchObject({ version: 8, gaveRights: true });
      await server.endMigrations(series);
    });

    it("counts failures by release, each run's once, and keeps the last word", async () => {
      const { target } = await newVault();
      const { run, database, release } = target;
      await server.recordFailure({ run, database, release, detail: "first" });
      await server.recordFailure({ run, database, release, detail: "said twice" });
      expect(await factsOf(target)).toMatchObject({ failures: 1, lastFailure: { detail: "first", run } });
      await server.recordFailure({ run: `${run}-again`, database, release, detail: "second" });
      expect(await factsOf(target)).toMatchObject({ failures: 2, lastFailure: { detail: "second" } });
      expect(await factsOf({ ...target, release: "choir-3.0.0" })).toMatchObject({ failures: 0, lastFailure: null });
    });

    it("gives the rights on what a migration made, read-only ones too, where the defaults do not", async () => {
      const { vaultId, target } = await newVault();
      await server.beginMigrations(series, soon());
      await world.migrateVault(vaultId, { version: 8, oldestSupported: 7 }, migratorPassword);
      const wider = { ...target, writableWhenReadOnly: [...target.writableWhenReadOnly, "note"] };
      expect(await server.finishMigration(wider)).toMatchObject({ gaveRights: true });
      expect(await server.finishMigration(wider)).toMatchObject({ gaveRights: false });
      expect(await world.mayWriteNotes(vaultId)).toEqual({ rw: true, ro: true });
      await server.endMigrations(series);
    });
  });
};

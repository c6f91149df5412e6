import type { Clock } from "../../kube/clock.ts";
import type { FakePostgres, FakeVault } from "./fake-postgres.ts";
import type { FakeEffect } from "./fake-vaults.ts";
import { enoughMs } from "./golden-plan.ts";
import type { MigrationFacts, SchemaFacts, VaultMigrations } from "./vault-migrations.ts";

const noSchema: SchemaFacts = { version: 0, oldestSupported: 0 };

const factsOf = (postgres: FakePostgres, { database, recordedSchema }: FakeVault, release: string) => {
  if (!database || !recordedSchema) return [];
  const failed = postgres.migrationRuns.filter(
    (run) => run.database === database.name && run.release === release && run.outcome === "failed",
  );
  const last = failed.at(-1);
  const lastFailure = last ? { at: last.at ?? new Date(0), detail: last.detail ?? "", run: last.run ?? "" } : null;
  const facts: MigrationFacts = { schema: recordedSchema, failures: failed.length, lastFailure };
  return [[database.name, facts] as const];
};

type Done = { run: string; database: string; release: string };

const createRecord = (postgres: FakePostgres, clock: Clock) => {
  const isOnRecord = (run: string, database: string, outcome?: string): boolean =>
    postgres.migrationRuns.some(
      (one) => one.run === run && one.database === database && (outcome === undefined || one.outcome === outcome),
    );
  const succeed = (vault: FakeVault, schema: SchemaFacts, { run, database, release }: Done): void => {
    vault.recordedSchema = schema;
    if (isOnRecord(run, database, "succeeded")) return;
    postgres.migrationRuns = postgres.migrationRuns.filter((one) => one.run !== run || one.database !== database);
    postgres.migrationRuns.push({ database, release, outcome: "succeeded", run, at: clock.now() });
  };
  return { isOnRecord, succeed };
};

/** The vault of one database, or all of them. */
const vaultsIn = (postgres: FakePostgres, database: string | undefined) =>
  [...postgres.vaults.values()].filter((one) => database === undefined || one.database?.name === database);

/** Migrations of vaults' databases in memory; `fakeMigrateVault` does what the worker would. */
export const createFakeMigrations = (
  postgres: FakePostgres,
  clock: Clock,
  effectOf: FakeEffect,
  reading: () => Promise<void>,
): VaultMigrations => {
  const { isOnRecord, succeed } = createRecord(postgres, clock);
  return {
    async observeMigrations(release, database) {
      await reading();
      return new Map(vaultsIn(postgres, database).flatMap((vault) => factsOf(postgres, vault, release)));
    },
    async beginMigrations({ name, template }, { validUntil }) {
      await reading();
      const until = postgres.migrators.get(template);
      if (postgres.migrating.has(name) && until && validUntil.getTime() - until.getTime() < enoughMs) return [];
      await effectOf("EnableMigrator", () => {
        postgres.migrating.set(name, template);
        postgres.migrators.set(template, validUntil);
      });
      return ["EnableMigrator"];
    },
    async finishMigration({ run, database, release, schemaVersion, writableWhenReadOnly }) {
      let gaveRights = false;
      const [vault] = vaultsIn(postgres, database);
      await effectOf("FinishMigration", () => {
        const trouble = postgres.troubleIn.get(database);
        if (trouble) throw trouble;
        if (!vault?.schema || vault.schema.version < schemaVersion) return;
        gaveRights = vault.rightsMissing === true || vault.writableWhenReadOnly.join() !== writableWhenReadOnly.join();
        vault.rightsMissing = false;
        vault.writableWhenReadOnly = [...writableWhenReadOnly];
        succeed(vault, vault.schema, { run, database, release });
      });
      return { ...(vault?.schema ?? noSchema), gaveRights };
    },
    async finishByReceipt({ run, release, schemaVersion }, databases) {
      await reading();
      const proven = new Set<string>();
      for (const vault of postgres.vaults.values()) {
        const { database, receipt } = vault;
        if (!database || !databases.includes(database.name)) continue;
        if (receipt?.run !== run || receipt.schema.version < schemaVersion || vault.rightsMissing) continue;
        succeed(vault, receipt.schema, { run, database: database.name, release });
        proven.add(database.name);
      }
      return proven;
    },
    async recordFailure({ run, database, release, detail }) {
      await reading();
      if (isOnRecord(run, database)) return;
      postgres.migrationRuns.push({ database, release, outcome: "failed", detail, run, at: clock.now() });
    },
    async endMigrations({ name, template }) {
      await reading();
      if (!postgres.migrating.has(name)) return [];
      const golden = [...postgres.goldens.values()].some(
        ({ spec, state }) => spec.template === template && state === "migrating",
      );
      const others = [...postgres.migrating].some(([one, of]) => one !== name && of === template);
      const isLast = !golden && !others && postgres.migrators.has(template);
      await effectOf("DisableMigrator", () => {
        postgres.migrating.delete(name);
        if (isLast) postgres.migrators.delete(template);
      });
      return isLast ? ["DisableMigrator"] : [];
    },
  };
};

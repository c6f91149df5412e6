import type { Knex } from "knex";
import { connect } from "./connect.ts";
import { migrations } from "./migrations/index.ts";
import type { Migration } from "./migrations/migration.ts";

const source: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve([...migrations]),
  getMigrationName: ({ name }) => name,
  getMigration: ({ sql }) =>
    Promise.resolve({
      up: (knex) => knex.raw(sql),
      down: () => Promise.reject(new Error("The registry's migrations only go forward.")),
    }),
};

// "registry" in a bigint.
const migrationLock = "8243109472011711097";

/**
 * Brings the registry to the newest schema as `registry_owner`. Each step is one transaction; safe to run again, at once
 * with another run, and after a kill in the middle. Returns the names of the steps taken.
 */
export const migrate = async (ownerUrl: string): Promise<string[]> => {
  const lock = connect({ url: ownerUrl, name: "polyphony registry migrate", max: 1 });
  const knex = connect({ url: ownerUrl, name: "polyphony registry migrate", max: 2 });
  try {
    return await lock.transaction(async (held) => {
      await held.raw(`SELECT pg_advisory_xact_lock(${migrationLock})`);
      await knex.raw("CREATE SCHEMA IF NOT EXISTS registry");
      const config = { migrationSource: source, schemaName: "registry", tableName: "migrations" };
      // Nobody else migrates while the lock above is held: what stands in knex's own table is of a run that was killed.
      await knex.migrate.list(config);
      await knex.migrate.forceFreeMigrationsLock(config);
      const [, taken] = (await knex.migrate.latest(config)) as [number, string[]];
      return taken;
    });
  } finally {
    await Promise.all([knex.destroy(), lock.destroy()]);
  }
};

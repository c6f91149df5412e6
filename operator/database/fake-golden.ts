import { DatabaseStalledError } from "./errors.ts";
import type { FakePostgres } from "./fake-postgres.ts";
import type { FakeEffect } from "./fake-vaults.ts";
import { planDraft, planDropGolden, planFinish, type GoldenEffect } from "./golden-plan.ts";
import type { EffectName, GoldenFacts, GoldenSpec, GoldenTemplates, MigratorLogin } from "./tenant-database.ts";

const invalid = (spec: GoldenSpec): DatabaseStalledError =>
  new DatabaseStalledError(
    "GoldenTemplateInvalid",
    `The migrations of release ${spec.release} ended well, but left no table in the schema public. Publish a release that mends it.`,
  );

const create = (postgres: FakePostgres, spec: GoldenSpec): void => {
  const { database, schemaVersion } = spec;
  postgres.goldens.set(database, {
    database,
    schemaVersion,
    spec,
    exists: true,
    ours: true,
    state: "drafting",
    allowConnections: false,
    migratorEnabledUntil: null,
    migrated: false,
  });
};

const apply = (postgres: FakePostgres, effect: GoldenEffect, spec: GoldenSpec, migrator?: MigratorLogin): void => {
  if (effect === "CreateTemplateRoles") postgres.templates.add(spec.template);
  if (effect === "CreateGolden") create(postgres, spec);
  const golden = postgres.goldens.get(spec.database);
  if (!golden) return;
  if (effect === "OpenGolden") golden.allowConnections = true;
  if (effect === "EnableMigrator" && migrator) {
    golden.state = "migrating";
    postgres.migrators.set(spec.template, migrator.validUntil);
  }
  if (effect === "GrantGolden" && !golden.migrated) throw invalid(spec);
  if (effect === "CloseGolden") Object.assign(golden, { allowConnections: false, state: "ready" });
  if (effect === "DropGolden") postgres.goldens.delete(spec.database);
};

/** Golden templates in memory. */
export const createFakeGolden = (
  name: string,
  postgres: FakePostgres,
  effectOf: FakeEffect,
  reading: () => Promise<void>,
): GoldenTemplates => {
  const observe = async (database: string): Promise<GoldenFacts | null> => {
    await reading();
    const golden = postgres.goldens.get(database);
    if (!golden) return null;
    const { exists, ours, state, allowConnections, schemaVersion, spec } = golden;
    const migratorEnabledUntil = postgres.migrators.get(spec.template) ?? null;
    return { database, exists, ours, state, allowConnections, schemaVersion, migratorEnabledUntil };
  };
  const run = async (effects: GoldenEffect[], spec: GoldenSpec, migrator?: MigratorLogin): Promise<EffectName[]> => {
    for (const effect of effects) await effectOf(effect, () => apply(postgres, effect, spec, migrator));
    return effects;
  };
  const disableMigrator = async (template: string): Promise<EffectName[]> => {
    const busy = [...postgres.goldens.values()].some(
      ({ spec, state }) => spec.template === template && state === "migrating",
    );
    const run = [...postgres.migrating.values()].includes(template);
    if (busy || run || !postgres.migrators.has(template)) return [];
    await effectOf("DisableMigrator", () => postgres.migrators.delete(template));
    return ["DisableMigrator"];
  };
  return {
    observeGolden: observe,
    async createGoldenDraft(spec, migrator) {
      return run(planDraft(await observe(spec.database), migrator, name), spec, migrator);
    },
    async finishGolden(spec) {
      const done = await run(planFinish(await observe(spec.database), name), spec);
      return [...done, ...(await disableMigrator(spec.template))];
    },
    async dropGolden(database) {
      const effects = planDropGolden(await observe(database), name);
      const golden = postgres.goldens.get(database);
      return golden ? run(effects, golden.spec) : [];
    },
    disableMigrator,
    async recordMigration(run) {
      await reading();
      postgres.migrationRuns.push(run);
    },
  };
};

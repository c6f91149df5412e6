import { planDraft, planDropGolden, planFinish, type GoldenEffect } from "./golden-plan.ts";
import { templateRoles } from "./names.ts";
import * as steps from "./pg-golden-steps.ts";
import type { PgLink } from "./pg-link.ts";
import { observeGolden } from "./pg-observe-golden.ts";
import { dropDatabase, endSessions } from "./pg-sessions.ts";
import { createTemplateRoles, disableMigrator, enableMigratorSql } from "./pg-template-roles.ts";
import { identifier, literal, together } from "./pg-text.ts";
import type { EffectName, GoldenFacts, GoldenSpec, GoldenTemplates, MigratorLogin } from "./tenant-database.ts";

const setState = (database: string, state: GoldenFacts["state"]): string =>
  `UPDATE polyphony.golden SET state = ${literal(state)}, changed_at = now() WHERE database = ${literal(database)}`;

/** How far back the schema reaches is on record: every copy of the template takes it from there. */
const grantGolden = async (link: PgLink, spec: GoldenSpec): Promise<void> => {
  const schema = await link.effectIn("GrantGolden", spec.database, (session) => steps.grantGolden(session, spec));
  await link.read((session) =>
    session.query("UPDATE polyphony.golden SET oldest_supported = $2 WHERE database = $1", [
      spec.database,
      schema.oldestSupported,
    ]),
  );
};

/** A first session after the last change writes the relation cache's file, which copies take with them. */
const warmGolden = async (link: PgLink, { database, template }: GoldenSpec): Promise<void> => {
  const open = await link.effectIn("WarmGolden", database, (session) => steps.readLargeObjectsOpen(session, template));
  await link.read((session) =>
    session.query("UPDATE polyphony.golden SET large_objects_open = $2 WHERE database = $1", [database, open]),
  );
};

/** Nobody may connect any more, nobody is connected, and only then it is there to be copied. */
const closeGolden = (link: PgLink, { database, template }: GoldenSpec): Promise<void> =>
  link.effect("CloseGolden", async (session) => {
    await session.query(`ALTER DATABASE ${identifier(database)} ALLOW_CONNECTIONS false`);
    await endSessions(session, [templateRoles(template).migrator]);
    await session.query(setState(database, "ready"));
  });

/** Sessions of its migrator are ended first. */
const dropGolden = (link: PgLink, database: string): Promise<void> =>
  link.effect("DropGolden", async (session) => {
    const { rows } = await session.query<{ template: string }>(
      `SELECT g.template FROM polyphony.golden g JOIN pg_database d ON d.datname = g.database WHERE g.database = $1`,
      [database],
    );
    for (const { template } of rows) {
      await session.query(`ALTER DATABASE ${identifier(database)} ALLOW_CONNECTIONS false`);
      const { migrator } = templateRoles(template);
      const there = await session.query("SELECT FROM pg_stat_activity WHERE datname = $1 AND usename = $2 LIMIT 1", [
        database,
        migrator,
      ]);
      if (there.rows.length > 0) await endSessions(session, [migrator]);
    }
    await dropDatabase(session, database);
    await session.query("DELETE FROM polyphony.golden WHERE database = $1", [database]);
  });

/** Effects that act as the template's owner, or end its migrator's sessions: of one template at a time. */
const shared: ReadonlySet<GoldenEffect> = new Set([
  "CreateTemplateRoles",
  "GrantDefaults",
  "GrantGolden",
  "CloseGolden",
  "DropGolden",
]);

const perform = async (
  link: PgLink,
  effect: GoldenEffect,
  spec: GoldenSpec,
  migrator?: MigratorLogin,
): Promise<void> => {
  const { database, template } = spec;
  switch (effect) {
    case "CreateTemplateRoles":
      return link.effect(effect, (session) => createTemplateRoles(session, template, link.name));
    case "CreateGolden":
      return link.effect(effect, (session) => steps.createGolden(session, spec));
    case "OpenGolden":
      return link.effect(effect, async (session) => {
        await session.query(steps.openGoldenSql(spec));
      });
    case "GrantDefaults":
      return link.effectIn(effect, database, async (session) => {
        await session.query(steps.grantDefaultsSql(template));
      });
    case "EnableMigrator":
      if (!migrator) throw new Error("a migration run needs a login");
      return link.effect(effect, async (session) => {
        await session.query(together([enableMigratorSql(template, migrator), setState(database, "migrating")]));
      });
    case "GrantGolden":
      return grantGolden(link, spec);
    case "VacuumGolden":
      // Frozen and analyzed once here instead of once in each copy.
      return link.effectIn(effect, database, async (session) => {
        await session.query("VACUUM (FREEZE, ANALYZE)");
      });
    case "WarmGolden":
      return warmGolden(link, spec);
    case "CloseGolden":
      return closeGolden(link, spec);
    case "DropGolden":
      return dropGolden(link, database);
  }
};

/** Golden templates on a real server. */
export const createPgGolden = (link: PgLink): GoldenTemplates => {
  const observe = (database: string): Promise<GoldenFacts | null> =>
    link.read((session) => observeGolden(session, database));
  const disable = async (template: string): Promise<EffectName[]> =>
    (await link.sharing(() => link.effect("DisableMigrator", (session) => disableMigrator(session, template))))
      ? ["DisableMigrator"]
      : [];
  const run = async (effects: GoldenEffect[], spec: GoldenSpec, migrator?: MigratorLogin): Promise<EffectName[]> => {
    for (const effect of effects) {
      const one = () => perform(link, effect, spec, migrator);
      await (shared.has(effect) ? link.sharing(one) : one());
    }
    return effects;
  };
  return {
    observeGolden: observe,
    async createGoldenDraft(spec, migrator) {
      return run(planDraft(await observe(spec.database), migrator, link.name), spec, migrator);
    },
    async finishGolden(spec) {
      const done = await run(planFinish(await observe(spec.database), link.name), spec);
      return [...done, ...(await disable(spec.template))];
    },
    async dropGolden(database) {
      const effects = planDropGolden(await observe(database), link.name);
      if (effects.length > 0) await link.sharing(() => dropGolden(link, database));
      return effects;
    },
    disableMigrator: disable,
    recordMigration: ({ database, release, outcome, detail }) =>
      link.read(async (session) => {
        await session.query(
          "INSERT INTO polyphony.migration_run (database, release, outcome, detail) VALUES ($1, $2, $3, $4)",
          [database, release, outcome, detail ?? null],
        );
      }),
  };
};

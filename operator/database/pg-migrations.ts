import { z } from "zod";
import { enoughMs } from "./golden-plan.ts";
import { templateRoles } from "./names.ts";
import { completeGrants, readMigrated, readSchema } from "./pg-golden-steps.ts";
import type { PgLink, Query } from "./pg-link.ts";
import { enabledUntil } from "./pg-observe-golden.ts";
import { finishByReceipt } from "./pg-receipts.ts";
import { disableMigrator, enableMigratorSql } from "./pg-template-roles.ts";
import { literal, together } from "./pg-text.ts";
import type { EffectName, MigratorLogin } from "./tenant-database.ts";
import type {
  MigrationEnd,
  MigrationFacts,
  MigrationSeries,
  MigrationTarget,
  SchemaFacts,
  VaultMigrations,
} from "./vault-migrations.ts";

const observation = `
SELECT s.database, s.schema_version AS version, coalesce(s.oldest_supported, s.schema_version) AS "oldestSupported",
       coalesce(f.failures, 0)::int AS failures, f.at, f.detail, f.run
  FROM polyphony.schema_version s
  LEFT JOIN (SELECT database, count(*) AS failures, max(finished_at) AS at,
                    (array_agg(detail ORDER BY finished_at DESC))[1] AS detail,
                    (array_agg(run ORDER BY finished_at DESC))[1] AS run
               FROM polyphony.migration_run
              WHERE release = $1 AND outcome = 'failed' AND ($2::text IS NULL OR database = $2) GROUP BY 1) f USING (database)
 WHERE $2::text IS NULL OR s.database = $2`;

const Row = z.object({
  database: z.string(),
  version: z.int(),
  oldestSupported: z.int(),
  failures: z.int(),
  at: z.date().nullable(),
  detail: z.string().nullable(),
  run: z.string().nullable(),
});

const observe = async (session: Query, release: string, database?: string): Promise<Map<string, MigrationFacts>> => {
  const { rows } = await session.query(observation, [release, database ?? null]);
  return new Map(
    z
      .array(Row)
      .parse(rows)
      .map(({ database: name, version, oldestSupported, failures, at, detail, run }) => {
        const lastFailure = at ? { at, detail: detail ?? "", run: run ?? "" } : null;
        return [name, { schema: { version, oldestSupported }, failures, lastFailure }];
      }),
  );
};

const noSchema: SchemaFacts = { version: 0, oldestSupported: 0 };

/** On record, and with time left for a run. */
const isOpenFor = async (session: Query, { name, template }: MigrationSeries, { validUntil }: MigratorLogin) => {
  const { rows } = await session.query("SELECT FROM polyphony.migrating WHERE series = $1", [name]);
  const until = await enabledUntil(session, templateRoles(template).migrator);
  return rows.length > 0 && until !== null && validUntil.getTime() - until.getTime() < enoughMs;
};

const recordSuccess = async (session: Query, target: MigrationTarget, schema: SchemaFacts): Promise<void> => {
  const { database, run, release } = target;
  await session.query(
    together([
      `INSERT INTO polyphony.schema_version (database, schema_version, oldest_supported)
         VALUES (${literal(database)}, ${schema.version}, ${schema.oldestSupported})
       ON CONFLICT (database) DO UPDATE SET schema_version = EXCLUDED.schema_version,
         oldest_supported = EXCLUDED.oldest_supported, changed_at = now()`,
      `INSERT INTO polyphony.migration_run (database, release, outcome, run)
         VALUES (${[database, release, "succeeded", run].map(literal).join(", ")})
       ON CONFLICT (run, database) DO UPDATE SET outcome = 'succeeded', detail = NULL, finished_at = now()
         WHERE polyphony.migration_run.outcome <> 'succeeded'`,
    ]),
  );
};

/** Migrations of vaults' databases on a real server. */
export const createPgMigrations = (link: PgLink): VaultMigrations => {
  const within = <R>(target: MigrationTarget, work: (session: Query) => Promise<R>): Promise<R> =>
    link.effectIn("FinishMigration", target.database, work);
  /** One session where the defaults gave all rights, as they mostly do; two more where they did not. */
  const lookInto = async (target: MigrationTarget): Promise<MigrationEnd> => {
    const found = await within(target, (session) => readMigrated(session, target));
    if (found) return { ...(found.schema ?? noSchema), gaveRights: false };
    await link.sharing(() => within(target, (session) => completeGrants(session, target)));
    return { ...((await within(target, readSchema)) ?? noSchema), gaveRights: true };
  };
  const effect = async (name: EffectName, work: (session: Query) => Promise<boolean>): Promise<EffectName[]> =>
    (await link.effect(name, work)) ? [name] : [];
  return {
    observeMigrations: (release, database) => link.read((session) => observe(session, release, database)),
    async beginMigrations(series, migrator) {
      if (await link.read((session) => isOpenFor(session, series, migrator))) return [];
      return effect("EnableMigrator", async (session) => {
        const { name, template } = series;
        const onRecord = `INSERT INTO polyphony.migrating (series, template) VALUES (${literal(name)}, ${literal(template)}) ON CONFLICT DO NOTHING`;
        await session.query(together([onRecord, enableMigratorSql(template, migrator)]));
        return true;
      });
    },
    async finishMigration(target) {
      const end = await lookInto(target);
      if (end.version >= target.schemaVersion) await link.read((session) => recordSuccess(session, target, end));
      return end;
    },
    finishByReceipt: (run, databases) => link.read((session) => finishByReceipt(session, run, databases)),
    recordFailure: ({ run, database, release, detail }) =>
      link.read(async (session) => {
        await session.query(
          `INSERT INTO polyphony.migration_run (database, release, outcome, detail, run) VALUES ($1, $2, 'failed', $3, $4)
           ON CONFLICT (run, database) DO NOTHING`,
          [database, release, detail, run],
        );
      }),
    async endMigrations({ name, template }) {
      const begun = await link.read((session) =>
        session.query("SELECT FROM polyphony.migrating WHERE series = $1", [name]),
      );
      if (begun.rows.length === 0) return [];
      const end = async (session: Query): Promise<boolean> => {
        await session.query("BEGIN");
        await session.query("DELETE FROM polyphony.migrating WHERE series = $1", [name]);
        const disabled = await disableMigrator(session, template);
        await session.query("COMMIT");
        return disabled;
      };
      return link.sharing(() => effect("DisableMigrator", end));
    },
  };
};

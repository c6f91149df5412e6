import type { Job } from "../../kube/kinds.ts";
import { createSemaphore } from "../database/semaphore.ts";
import { FencedError } from "../database/errors.ts";
import type { MigrationFacts } from "../database/vault-migrations.ts";
import { RetryableError } from "../outcome.ts";
import { progressOf } from "../release/migration-progress.ts";
import { failureOf, withoutSecrets } from "../release/migration-trouble.ts";
import { type MigrationResult, resultsOf } from "./results.ts";
import { type FleetTarget, logOf, podsOf, type WorkerDeps } from "./worker-run.ts";

/** What one reading of a run brought. */
export interface RunReading {
  /** The databases that came to an end, well or badly, since the reading before. */
  settled: { database: string; ok: boolean }[];
  /** The worker has ended and every database has its verdict, or goes into the next run. */
  over: boolean;
}

/** Databases looked into at a time: as many as the worker has in hand. */
const atATime = 8;

/** Without a verdict of this run: neither at the schema, nor recorded as failed in it. One without a record is gone. */
const isOpen = (facts: MigrationFacts | undefined, run: string, needed: number): boolean =>
  facts !== undefined && facts.schema.version < needed && facts.lastFailure?.run !== run;

const detailOf = (text: string): string => withoutSecrets(text).replaceAll(/\s+/g, " ").trim().slice(0, 1000);

interface Reading {
  target: FleetTarget;
  run: string;
  /** What the worker said so far. */
  results: ReadonlyMap<string, MigrationResult>;
}

const recordFailure = async ({ target, run }: Reading, database: string, text: string): Promise<void> => {
  const release = target.release.metadata.name;
  await target.server.recordFailure({ run, database, release, detail: detailOf(text) });
};

/** What concerns the server or this operator, and not the one database. */
const ofTheServer: readonly string[] = ["DatabaseServerUnreachable", "DatabaseServerFull", "DatabaseServerAuthFailed"];
const concernsAll = (error: unknown): boolean =>
  !(error instanceof RetryableError) || error instanceof FencedError || ofTheServer.includes(error.reason);

/** What became of one database; `ok` is null while there is no verdict. */
interface Verdict {
  database: string;
  ok: boolean | null;
  /** Rights were missing on what the steps made, so that they may be in others of the same schema. */
  gaveRights?: boolean;
}

/** A database that cannot be looked into, as one that is being deleted, holds up no other. */
const verdictOf = async (reading: Reading, database: string): Promise<Verdict> => {
  try {
    return { database, ...(await judge(reading, database, reading.results.get(database))) };
  } catch (error) {
    if (concernsAll(error)) throw error;
    await recordFailure(reading, database, error instanceof Error ? error.message : String(error));
    return { database, ok: false };
  }
};

/** The worker's word is where to look; what counts is what the database itself says. */
const judge = async (
  reading: Reading,
  database: string,
  result: MigrationResult | undefined,
): Promise<Omit<Verdict, "database">> => {
  const { target, run } = reading;
  if (result?.ok === false) {
    await recordFailure(reading, database, result.error ?? "The worker gave no reason.");
    return { ok: false };
  }
  const { release, template, server } = target;
  const needed = release.spec.schemaVersion;
  const { version, gaveRights } = await server.finishMigration({
    run,
    database,
    release: release.metadata.name,
    template: release.spec.template,
    schemaVersion: needed,
    writableWhenReadOnly: template.spec.writableWhenReadOnly ?? [],
  });
  if (version >= needed) return { ok: true, gaveRights };
  if (!result) return { ok: null };
  await recordFailure(reading, database, `The worker said it was done, but the database is at schema ${version}.`);
  return { ok: false };
};

const lookInto = (reading: Reading, databases: readonly string[]): Promise<Verdict[]> => {
  const semaphore = createSemaphore(atATime);
  return Promise.all(databases.map((database) => semaphore(() => verdictOf(reading, database))));
};

/**
 * Databases that came from one schema, by the same steps: what those left is seen in the first. If all rights were there,
 * so they are in those others that hold the run's receipt; what has none is looked into. A worker that leaves receipts
 * and says nothing on some has not come to them.
 */
const settleAlike = async (reading: Reading, databases: readonly string[]): Promise<Verdict[]> => {
  const { target, run, results } = reading;
  const said = databases.filter((database) => results.has(database));
  const [first, ...others] = [...said, ...databases.filter((database) => !results.has(database))];
  if (first === undefined) return [];
  const seen = await verdictOf(reading, first);
  if (others.length === 0 || !seen.ok || seen.gaveRights) return [seen, ...(await lookInto(reading, others))];
  const { release, server } = target;
  const series = {
    run,
    release: release.metadata.name,
    template: release.spec.template,
    schemaVersion: release.spec.schemaVersion,
  };
  const proven = await server.finishByReceipt(series, others);
  const unproven = others.filter((database) => !proven.has(database));
  const untouched = proven.size > 0 ? unproven.filter((database) => !results.has(database)) : [];
  return [
    seen,
    ...[...proven].map((database) => ({ database, ok: true })),
    ...untouched.map((database) => ({ database, ok: null })),
    ...(await lookInto(
      reading,
      unproven.filter((database) => !untouched.includes(database)),
    )),
  ];
};

/** The failed ones need no look; the others go by the schema that they came from. */
const settle = async (
  reading: Reading,
  databases: readonly string[],
  facts: ReadonlyMap<string, MigrationFacts>,
): Promise<Verdict[]> => {
  const failed = databases.filter((database) => reading.results.get(database)?.ok === false);
  const others = databases.filter((database) => !failed.includes(database));
  const verdicts = await lookInto(reading, failed);
  for (const alike of Map.groupBy(others, (database) => facts.get(database)?.schema.version).values())
    verdicts.push(...(await settleAlike(reading, alike)));
  return verdicts;
};

/**
 * Reads what a run has brought so far and settles it, database by database: none waits for another. When the worker has
 * ended without a word on some (it was killed), those go into the next run; if it came to nothing at all, that is a
 * failure of each, so that a worker that cannot work is not begun again and again.
 */
export const readRun = async (
  target: FleetTarget,
  job: Job,
  list: readonly string[],
  facts: ReadonlyMap<string, MigrationFacts>,
  deps: WorkerDeps,
): Promise<RunReading> => {
  const needed = target.release.spec.schemaVersion;
  const ended = ["succeeded", "failed"].includes(progressOf(job).state);
  const pods = await podsOf(job, deps);
  const results = resultsOf(await logOf(pods, deps));
  const reading = { target, run: job.metadata?.name ?? "", results };
  const open = list.filter((database) => isOpen(facts.get(database), reading.run, needed));
  const toSettle = ended ? open : open.filter((database) => results.has(database));
  const verdicts = await settle(reading, toSettle, facts);
  const settled = verdicts.flatMap(({ database, ok }) => (ok === null ? [] : [{ database, ok }]));
  const left = verdicts.filter(({ ok }) => ok === null);
  const cameToNothing = ended && left.length > 0 && left.length === list.length;
  if (cameToNothing) {
    const words = failureOf(job, pods);
    await Promise.all(left.map(({ database }) => recordFailure(reading, database, words)));
    settled.push(...left.map(({ database }) => ({ database, ok: false })));
  }
  return { settled, over: ended };
};

import type { DatabaseServer as DatabaseServerResource, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import type { Reason } from "../../crds/reasons.ts";
import type { Clock } from "../../kube/clock.ts";
import { isAlreadyExists } from "../../kube/errors.ts";
import { kinds, type Job, type Pod } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { FencedError } from "../database/errors.ts";
import { goldenName, templateRoles } from "../database/names.ts";
import { scramVerifier } from "../database/scram.ts";
import type { DatabaseServer, GoldenSpec } from "../database/tenant-database.ts";
import { RetryableError, StalledError } from "../outcome.ts";
import { sameValue } from "../same-value.ts";
import type { Secrets } from "../secrets.ts";
import { fieldManager } from "../tenant/names.ts";
import { egressName, jobName, migrationLabels, runId } from "./migration-names.ts";
import { migrationEgress, migrationJob, migrationSecret, type MigrationRunSpec } from "./migration-objects.ts";
import { newestJob, progressOf, retryAt } from "./migration-progress.ts";
import { failureOf, holdUpOf } from "./migration-trouble.ts";
import type { GoldenVisit } from "./release-status.ts";

export interface GoldenDeps {
  kube: Kube;
  clock: Clock;
  secrets: Secrets;
  /** Where migrations run: restricted, and cut off from all but their server. */
  namespace: string;
  imagePullSecrets: readonly string[];
}

/** One release on one server. */
export interface GoldenTarget {
  release: VaultRelease;
  template: VaultTemplate;
  resource: DatabaseServerResource;
  server: DatabaseServer;
}

/** A run that takes longer has its login prolonged at the next look. */
const loginForMs = 2 * 3_600_000;
/** A change of the Job wakes the release; this is for a watch that was asleep. */
const lookAgainMs = 15_000;

const specOf = ({ release, template }: GoldenTarget): GoldenSpec => ({
  database: goldenName(release.metadata.name, release.spec.image.digest),
  release: release.metadata.name,
  template: release.spec.template,
  digest: release.spec.image.digest,
  schemaVersion: release.spec.schemaVersion,
  writableWhenReadOnly: template.spec.writableWhenReadOnly ?? [],
});

/** The migrator's password on one server; every run of the template uses it while it may log in. */
export const migratorPassword = (
  { release, server }: Pick<GoldenTarget, "release" | "server">,
  { secrets }: Pick<GoldenDeps, "secrets">,
): string => secrets.derive(`${server.name}/${release.spec.template}`, "migrator-password", 1);

const runSpecOf = (target: GoldenTarget, attempt: number, deps: GoldenDeps): MigrationRunSpec => {
  const { database, template } = specOf(target);
  const user = templateRoles(template).migrator;
  const url = target.server.urlFor({ database, user, password: migratorPassword(target, deps) });
  return {
    namespace: deps.namespace,
    name: jobName(target.release, target.server.name, attempt),
    release: target.release,
    server: target.server.name,
    run: runId(target.release, target.server.name),
    attempt,
    retries: 2,
    deadlineSeconds: 1800,
    repository: target.template.spec.image.repository,
    imagePullSecrets: deps.imagePullSecrets,
    databases: [{ id: database, url }],
  };
};

/** The way from the namespace of migrations to this server. */
export const ensureEgress = async (
  target: Pick<GoldenTarget, "resource" | "server">,
  { kube, namespace }: Pick<GoldenDeps, "kube" | "namespace">,
): Promise<void> => {
  const wanted = migrationEgress(namespace, target.resource);
  const there = await kube.find(kinds.networkPolicy, { namespace, name: egressName(target.server.name) });
  if (there && sameValue(there.spec, wanted.spec)) return;
  await kube.apply(kinds.networkPolicy, wanted, { fieldManager, force: true });
};

/** Creates the Job, or meets the one that is there: its name says which run it is. */
export const ensureJob = async (
  run: MigrationRunSpec,
  { kube, namespace }: Pick<GoldenDeps, "kube" | "namespace">,
): Promise<Job> => {
  try {
    return await kube.create(kinds.job, migrationJob(run), { fieldManager });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return kube.get(kinds.job, { namespace, name: run.name });
  }
};

/** The login is open before a pod may use it; the Job is there before its Secret, which goes with it. */
const startRun = async (target: GoldenTarget, attempt: number, deps: GoldenDeps): Promise<void> => {
  await ensureEgress(target, deps);
  const verifier = scramVerifier(migratorPassword(target, deps));
  const validUntil = new Date(deps.clock.now().getTime() + loginForMs);
  await target.server.createGoldenDraft(specOf(target), { verifier, validUntil });
  const run = runSpecOf(target, attempt, deps);
  const job = await ensureJob(run, deps);
  const { name } = run;
  if (await deps.kube.find(kinds.secret, { namespace: deps.namespace, name })) return;
  await deps.kube.apply(kinds.secret, migrationSecret(run, job.metadata?.uid ?? ""), { fieldManager });
};

const podsOf = (job: Job | undefined, { kube, namespace }: GoldenDeps): Promise<Pod[]> =>
  kube.list(kinds.pod, { namespace, labelSelector: `batch.kubernetes.io/job-name=${job?.metadata?.name ?? ""}` });

const visitOf = (
  target: GoldenTarget,
  state: GoldenVisit["state"],
  reason: Reason,
  message?: string,
  again: number | null = lookAgainMs,
): GoldenVisit => ({
  server: target.server.name,
  database: specOf(target).database,
  state,
  reason,
  lookAgainMs: again,
  ...(message === undefined ? {} : { message }),
});

const finish = async (target: GoldenTarget): Promise<GoldenVisit> => {
  const spec = specOf(target);
  await target.server.finishGolden(spec);
  await target.server.recordMigration({ database: spec.database, release: spec.release, outcome: "succeeded" });
  return visitOf(target, "Ready", "Ready", undefined, null);
};

/** Tells what went wrong, and after its time begins again with an empty database. */
const retry = async (
  target: GoldenTarget,
  failed: { attempt: number; failedAt: Date },
  job: Job,
  deps: GoldenDeps,
): Promise<GoldenVisit> => {
  const left = retryAt(failed).getTime() - deps.clock.now().getTime();
  const words = failureOf(job, await podsOf(job, deps));
  const message = `The migrations failed: ${words} They are tried again; if it stays so, publish a release that mends them.`;
  if (left > 0) return visitOf(target, "Failed", "MigrationFailed", message, left);
  const { database, release } = specOf(target);
  const detail = words.slice(0, 1000);
  await target.server.recordMigration({ database, release, outcome: "failed", detail });
  await target.server.dropGolden(database);
  await startRun(target, failed.attempt + 1, deps);
  return visitOf(target, "Failed", "MigrationFailed", message);
};

const advance = async (target: GoldenTarget, deps: GoldenDeps): Promise<GoldenVisit> => {
  const facts = await target.server.observeGolden(specOf(target).database);
  if (facts?.state === "ready") return visitOf(target, "Ready", "Ready", undefined, null);
  const run = runId(target.release, target.server.name);
  const jobs = await deps.kube.list(kinds.job, {
    namespace: deps.namespace,
    labelSelector: `${migrationLabels.run}=${run}`,
  });
  const job = newestJob(jobs);
  const progress = progressOf(job);
  if (progress.state === "failed" && job) return retry(target, progress, job, deps);
  // A run that ended well on a database that is gone since does not count.
  if (progress.state === "succeeded" && facts?.exists && facts.state === "migrating") return finish(target);
  await startRun(
    target,
    progress.state === "succeeded" ? progress.attempt + 1 : progress.state === "running" ? progress.attempt : 1,
    deps,
  );
  const holdUp = progress.state === "running" ? holdUpOf(await podsOf(job, deps)) : null;
  return visitOf(
    target,
    "Migrating",
    holdUp ? "MigrationHeldUp" : "Migrating",
    holdUp ?? "The release's migrations run.",
  );
};

/** Takes one golden template one step on, and says how it stands. Whatever stands in the way is in the visit. */
export const advanceGolden = async (target: GoldenTarget, deps: GoldenDeps): Promise<GoldenVisit> => {
  try {
    return await advance(target, deps);
  } catch (error) {
    if (error instanceof FencedError) throw error;
    if (error instanceof StalledError) return visitOf(target, "Failed", error.reason, error.message, 60_000);
    if (error instanceof RetryableError) return visitOf(target, "Pending", error.reason, error.message);
    throw error;
  }
};

import type { DatabaseServer as DatabaseServerResource, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import type { Clock } from "../../kube/clock.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds, type Job, type Pod } from "../../kube/kinds.ts";
import type { Kube, PodLogs } from "../../kube/kube.ts";
import { templateRoles } from "../database/names.ts";
import { scramVerifier } from "../database/scram.ts";
import type { DatabaseServer } from "../database/tenant-database.ts";
import { ensureEgress, ensureJob, migratorPassword } from "../release/advance-golden.ts";
import { fleetSeries, migrationLabels } from "../release/migration-names.ts";
import { listFile, migrationSecret, type MigrationRunSpec } from "../release/migration-objects.ts";
import { newestJob } from "../release/migration-progress.ts";
import type { Secrets } from "../secrets.ts";
import { fieldManager } from "../tenant/names.ts";
import type { Follower } from "./followers.ts";

export interface WorkerDeps {
  kube: Kube;
  logs: PodLogs;
  clock: Clock;
  secrets: Secrets;
  /** Where migrations run: restricted, and cut off from all but their server. */
  namespace: string;
  imagePullSecrets: readonly string[];
}

/** One release on one server. */
export interface FleetTarget {
  release: VaultRelease;
  template: VaultTemplate;
  resource: DatabaseServerResource;
  server: DatabaseServer;
}

/** The login's time; a run that takes longer has it prolonged at the next look. */
const loginForMs = 2 * 3_600_000;
/** A Secret holds one megabyte: about three thousand lines. */
const mostPerRun = 2_000;
/** After this a run is given up, and what is left goes into the next. */
const deadlineSeconds = 3_600;

export const seriesOf = ({ release, server }: Pick<FleetTarget, "release" | "server">) =>
  fleetSeries(release, server.name);

/** The worker's Job that is under way or has not been read to its end; at most one of a series. */
export const currentJob = async (target: FleetTarget, { kube, namespace }: WorkerDeps): Promise<Job | undefined> =>
  newestJob(
    await kube.list(kinds.job, { namespace, labelSelector: `${migrationLabels.run}=${seriesOf(target).name}` }),
  );

const runSpec = (
  target: FleetTarget,
  name: string,
  followers: readonly Follower[],
  deps: WorkerDeps,
): MigrationRunSpec => {
  const { release, server, template } = target;
  const user = templateRoles(release.spec.template).migrator;
  const password = migratorPassword(target, deps);
  return {
    namespace: deps.namespace,
    name,
    release,
    server: server.name,
    run: seriesOf(target).name,
    attempt: 1,
    // What a worker that was killed has not done goes into a new list.
    retries: 0,
    deadlineSeconds,
    repository: template.spec.image.repository,
    imagePullSecrets: deps.imagePullSecrets,
    databases: followers
      .slice(0, mostPerRun)
      .map(({ database }) => ({ id: database, url: server.urlFor({ database, user, password }), receipt: name })),
  };
};

const openLogin = (target: FleetTarget, deps: WorkerDeps) =>
  target.server.beginMigrations(seriesOf(target), {
    verifier: scramVerifier(migratorPassword(target, deps)),
    validUntil: new Date(deps.clock.now().getTime() + loginForMs),
  });

/** Begins a run: the login is open before a pod may use it, the Job is there before its Secret, which goes with it. */
export const startRun = async (target: FleetTarget, followers: readonly Follower[], deps: WorkerDeps) => {
  await ensureEgress(target, deps);
  await openLogin(target, deps);
  // A name of its own for each run, as the record of failures goes by it, also when one ends in the second of its begin.
  const started = deps.clock.now().getTime().toString(36);
  const run = runSpec(target, `${seriesOf(target).name}-${started}`, followers, deps);
  const job = await ensureJob(run, deps);
  await deps.kube.apply(kinds.secret, migrationSecret(run, job.metadata?.uid ?? ""), { fieldManager });
};

/** The databases that a Job was given; null while it has no list, as when the operator was killed before it wrote one. */
export const listOf = async (job: Job, { kube, namespace }: WorkerDeps): Promise<string[] | null> => {
  const secret = await kube.find(kinds.secret, { namespace, name: job.metadata?.name ?? "" });
  const text = secret?.data?.[listFile];
  if (text === undefined) return null;
  const lines = Buffer.from(text, "base64").toString("utf8").trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { id: string }).id);
};

/** Keeps the login open for a Job that is at work, and gives it its list if it has none. */
export const sustainRun = async (
  target: FleetTarget,
  job: Job,
  followers: readonly Follower[] | null,
  deps: WorkerDeps,
): Promise<void> => {
  await openLogin(target, deps);
  if (!followers) return;
  const run = runSpec(target, job.metadata?.name ?? "", followers, deps);
  await deps.kube.apply(kinds.secret, migrationSecret(run, job.metadata?.uid ?? ""), { fieldManager });
};

export const podsOf = (job: Job, { kube, namespace }: WorkerDeps): Promise<Pod[]> =>
  kube.list(kinds.pod, { namespace, labelSelector: `batch.kubernetes.io/job-name=${job.metadata?.name ?? ""}` });

/** A log that a node does not give is not waited for. */
const logWithinMs = 5_000;

/** A pod's last words, which its status keeps. */
const lastWords = ({ status }: Pod): string =>
  (status?.containerStatuses ?? []).map(({ state }) => state?.terminated?.message ?? "").join("\n");

/** All that the run's pods wrote; what cannot be read now is looked for in the databases in the end. */
export const logOf = async (pods: readonly Pod[], { logs }: WorkerDeps): Promise<string> => {
  const texts = await Promise.all(
    pods.map((pod) => {
      const ref = { name: pod.metadata?.name ?? "", namespace: pod.metadata?.namespace };
      return logs.podLog(ref, { signal: AbortSignal.timeout(logWithinMs) }).catch(() => lastWords(pod));
    }),
  );
  return texts.join("\n");
};

/** The Job has been read to its end: it goes, and its pods and its Secret with it. */
export const removeRun = ({ metadata }: Job, { kube, namespace }: WorkerDeps): Promise<void> =>
  kube
    .delete(kinds.job, { namespace, name: metadata?.name ?? "" }, { uid: metadata?.uid, propagation: "Background" })
    .catch(ignoreNotFound);

import type { Condition, DatabaseServer, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import { kinds, type Job } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { createReflector, type Change, type Reflector, type ReflectorOptions } from "../../kube/reflector.ts";
import { from, type Source } from "../engine/controller.ts";
import { migrationLabels } from "./migration-names.ts";
import { progressOf } from "./migration-progress.ts";

/** What of a migration's Job is kept. */
export interface MigrationJob {
  release: string;
  server: string;
  state: string;
}

/** The Jobs of migrations, as far as they wake their release. */
export const createMigrationJobs = (
  kube: Kube,
  namespace: string,
  common: Pick<ReflectorOptions<never, never>, "notice" | "listenerFailed"> = {},
): Reflector<MigrationJob> =>
  createReflector<Job, MigrationJob>({
    ...common,
    kube,
    kind: kinds.job,
    namespace,
    labelSelector: migrationLabels.run,
    project: (job) => ({
      release: job.metadata?.labels?.[migrationLabels.release] ?? "",
      server: job.metadata?.labels?.[migrationLabels.server] ?? "",
      state: progressOf(job).state,
    }),
  });

const changedByPeople = <T extends VaultRelease | VaultTemplate>({ old, now }: Change<T>): boolean =>
  !old ||
  !now ||
  old.metadata.generation !== now.metadata.generation ||
  old.metadata.deletionTimestamp !== now.metadata.deletionTimestamp;

const readiness = (server: DatabaseServer | undefined): string => {
  const ready = server?.status?.conditions?.find(({ type }: Condition) => type === "Ready");
  return JSON.stringify([
    server?.metadata.generation,
    server?.metadata.deletionTimestamp,
    ready?.status,
    ready?.reason,
  ]);
};

/** What wakes a release: itself, its template, a server that comes or changes, its migrations' Jobs. */
export const releaseSources = (caches: {
  releases: Reflector<VaultRelease>;
  templates: Reflector<VaultTemplate>;
  servers: Reflector<DatabaseServer>;
  jobs: Reflector<MigrationJob>;
}): Source[] => {
  const releases = (template?: string): string[] =>
    [...caches.releases.values()]
      .filter(({ value }) => template === undefined || value.spec.template === template)
      .map(({ key }) => key);
  return [
    from(caches.releases, (change) => (changedByPeople(change) ? [change.key] : [])),
    from(caches.templates, (change) => (changedByPeople(change) ? releases(change.key) : [])),
    from(caches.servers, ({ old, now }) => (readiness(old) === readiness(now) ? [] : releases())),
    from(caches.jobs, ({ old, now }) => (old?.state === now?.state ? [] : [(now ?? old).release])),
  ];
};

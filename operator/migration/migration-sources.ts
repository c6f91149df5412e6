import type { DatabaseServer, Tenant, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import type { Change, Reflector } from "../../kube/reflector.ts";
import { from, type Source } from "../engine/controller.ts";
import type { MigrationJob } from "../release/release-sources.ts";
import { sameValue } from "../same-value.ts";
import { serverNameOf } from "../tenant/caches.ts";
import { wantedReleaseName } from "../tenant/upgrade/release-choice.ts";
import { fleetKey } from "./reconcile-migration.ts";

export interface MigrationCaches {
  tenants: Reflector<Tenant>;
  templates: Reflector<VaultTemplate>;
  releases: Reflector<VaultRelease>;
  servers: Reflector<DatabaseServer>;
  jobs: Reflector<MigrationJob>;
}

const goldenStates = (release: VaultRelease | undefined) =>
  release?.status?.goldenTemplates?.map(({ server, state }) => [server, state]);

const isReady = (server: DatabaseServer | undefined): boolean =>
  server?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;

/** A Tenant that does not run what it is to run, or comes with a database of its own, and that somebody changed. */
const mayBeBehind = ({ old, now }: Change<Tenant>, wanted: string | null): boolean => {
  if (!now || now.status?.release?.name === wanted) return false;
  if (!now.status?.release && !now.spec.restoreFrom && !("adoptDatabase" in now.spec)) return false;
  return (
    !old ||
    old.metadata.generation !== now.metadata.generation ||
    !sameValue(old.metadata.annotations, now.metadata.annotations)
  );
};

/** What wakes a fleet: a channel that moves, a golden template or a server that is ready, a worker, a Tenant left behind. */
export const migrationSources = (caches: MigrationCaches): Source[] => {
  const onAllServers = (release: string): string[] =>
    [...caches.servers.values()].map(({ key }) => fleetKey(release, key));
  const releases = (among: (release: VaultRelease) => boolean): string[] =>
    [...caches.releases.values()].filter(({ value }) => among(value)).map(({ key }) => key);
  return [
    from(caches.tenants, (change) => {
      const { now } = change;
      const template = now && caches.templates.get(now.spec.template)?.value;
      const wanted = template ? wantedReleaseName(now, template) : null;
      const server = now && serverNameOf(now);
      return wanted && server && mayBeBehind(change, wanted) ? [fleetKey(wanted, server)] : [];
    }),
    from(caches.templates, ({ key, old, now }) =>
      sameValue(old?.spec.channels, now?.spec.channels)
        ? []
        : releases((release) => release.spec.template === key).flatMap(onAllServers),
    ),
    from(caches.releases, ({ key, old, now }) =>
      sameValue(goldenStates(old), goldenStates(now)) ? [] : onAllServers(key),
    ),
    from(caches.servers, ({ key, old, now }) =>
      isReady(old) === isReady(now) ? [] : releases(() => true).map((release) => fleetKey(release, key)),
    ),
    from(caches.jobs, ({ old, now }) => {
      const job = now ?? old;
      return old?.state === now?.state ? [] : [fleetKey(job.release, job.server)];
    }),
  ];
};

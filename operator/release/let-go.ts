import type { VaultRelease } from "../../crds/index.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds } from "../../kube/kinds.ts";
import { done, type Outcome, wait } from "../outcome.ts";
import { fleetSeries, migrationLabels } from "./migration-names.ts";
import type { ReleaseDeps } from "./reconcile-release.ts";
import { inUseStatus } from "./release-status.ts";
import { releaseKind, reportStatus } from "./report-status.ts";

export const releaseFinalizer = "polyphony.dev/release";

/** How soon a server that is away, and those who use the release, are looked at again. */
const lookAgainMs = 15_000;

/** Runs that are still at it end with their release: a Job whose image cannot be pulled would wait for good. */
const endRuns = async (release: string, { kube, namespace }: ReleaseDeps): Promise<void> => {
  const jobs = await kube.list(kinds.job, { namespace, labelSelector: migrationLabels.run });
  const ours = jobs.filter(({ metadata }) => metadata?.labels?.[migrationLabels.release] === release);
  await Promise.all(
    ours.map(({ metadata }) => {
      const ref = { name: metadata?.name ?? "", namespace };
      return kube.delete(kinds.job, ref, { uid: metadata?.uid, propagation: "Background" }).catch(ignoreNotFound);
    }),
  );
};

/** What it made on each server goes; a server that is away is waited for. */
const clearServers = async (release: VaultRelease, deps: ReleaseDeps): Promise<Outcome | null> => {
  for (const { server: serverName, database } of release.status?.goldenTemplates ?? []) {
    if (!deps.caches.servers.get(serverName)) continue;
    const server = deps.servers.get(serverName);
    if (!server)
      return wait(lookAgainMs, "DatabaseServerConnecting", `The server "${serverName}" is away; it is waited for.`);
    await server.dropGolden(database);
    await server.endMigrations(fleetSeries(release, serverName));
    await server.disableMigrator(release.spec.template);
  }
  return null;
};

/** Golden templates go with their release, once no vault needs it; until then its condition says whose does. */
export const letGo = async (release: VaultRelease, deps: ReleaseDeps): Promise<Outcome> => {
  const { name, uid, resourceVersion, finalizers = [] } = release.metadata;
  if (!finalizers.includes(releaseFinalizer)) return done();
  const users = deps.usersOf(release);
  if (users === null) return wait(lookAgainMs, "TenantsUnknown", "The Tenants are being read.");
  const need = { tenants: users, retained: deps.retainedOf?.(name) ?? 0 };
  if (users.length > 0 || need.retained > 0) {
    const status = inUseStatus(release, need, deps.clock.now());
    await reportStatus(release, status, deps);
    return wait(lookAgainMs, "InUse", "Vaults need this release; it stays until none does.");
  }
  await endRuns(name, deps);
  const away = await clearServers(release, deps);
  if (away) return away;
  const left = finalizers.filter((one) => one !== releaseFinalizer);
  await deps.kube
    .patch(releaseKind, { name }, { metadata: { uid, resourceVersion, finalizers: left } })
    .catch(ignoreNotFound);
  return done();
};

import type { DatabaseServer as DatabaseServerResource, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import { knownReason } from "../../crds/reasons.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Reflector } from "../../kube/reflector.ts";
import { goldenName } from "../database/names.ts";
import type { DatabaseServers } from "../database/tenant-database.ts";
import type { Reconcile } from "../engine/controller.ts";
import { outcomeOf } from "../kube-outcome.ts";
import { sameValue } from "../same-value.ts";
import { done, type Outcome, wait } from "../outcome.ts";
import { fieldManager } from "../tenant/names.ts";
import { advanceGolden, type GoldenDeps } from "./advance-golden.ts";
import { migrationLabels } from "./migration-names.ts";
import { type GoldenVisit, releaseStatus } from "./release-status.ts";

export interface ReleaseDeps extends GoldenDeps {
  caches: {
    releases: Pick<Reflector<VaultRelease>, "get">;
    templates: Pick<Reflector<VaultTemplate>, "get">;
    servers: Pick<Reflector<DatabaseServerResource>, "get" | "values">;
  };
  servers: DatabaseServers;
  /** Tenants that run this release or are to run it; null while that is not known yet. */
  tenantsOf: (release: string) => number | null;
  tell?: (release: VaultRelease, event: { type: "Normal" | "Warning"; reason: string; message: string }) => void;
}

export const releaseKind = typed<VaultRelease>(kinds.vaultRelease);
export const releaseFinalizer = "polyphony.dev/release";

/** How soon a server that is not connected yet, and the number of tenants, are looked at again. */
const lookAgainMs = 15_000;
const countAgainMs = 60_000;

const readyOf = (status: VaultRelease["status"]) => status?.conditions?.find(({ type }) => type === "Ready");

const holdFinalizer = async (release: VaultRelease, { kube }: ReleaseDeps): Promise<void> => {
  const { name, uid, resourceVersion, finalizers = [] } = release.metadata;
  if (finalizers.includes(releaseFinalizer)) return;
  const metadata = { uid, resourceVersion, finalizers: [...finalizers, releaseFinalizer] };
  await kube.patch(releaseKind, { name }, { metadata });
};

/** While the server is away, what was known of it stands. */
const absentServer = (release: VaultRelease, resource: DatabaseServerResource): GoldenVisit => {
  const server = resource.metadata.name;
  const known = release.status?.goldenTemplates?.find((golden) => golden.server === server);
  if (known?.state === "Ready") return { ...known, reason: "Ready", lookAgainMs };
  const ready = resource.status?.conditions?.find(({ type }) => type === "Ready");
  const why = ready?.status === "False" ? ready : undefined;
  return {
    server,
    database: goldenName(release.metadata.name, release.spec.image.digest),
    state: "Pending",
    reason: why ? knownReason(why.reason) : "DatabaseServerConnecting",
    message: why?.message ?? "The operator is connecting to the server.",
    lookAgainMs,
  };
};

const visitAll = (release: VaultRelease, template: VaultTemplate, deps: ReleaseDeps): Promise<GoldenVisit[]> => {
  const resources = [...deps.caches.servers.values()]
    .map(({ value }) => value)
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  return Promise.all(
    resources.map((resource): Promise<GoldenVisit> => {
      const server = deps.servers.get(resource.metadata.name);
      if (!server) return Promise.resolve(absentServer(release, resource));
      return advanceGolden({ release, template, resource, server }, deps);
    }),
  );
};

const writeStatus = async (
  release: VaultRelease,
  visits: GoldenVisit[],
  deps: ReleaseDeps,
  missing?: string,
): Promise<void> => {
  const problem = missing
    ? ({ type: "Ready", status: "False", reason: "TemplateMissing", message: missing } as const)
    : null;
  const { name, uid } = release.metadata;
  const status = releaseStatus(
    release,
    visits,
    problem,
    deps.tenantsOf(name) ?? release.status?.tenants ?? 0,
    deps.clock.now(),
  );
  if (sameValue(status, release.status)) return;
  const body = { apiVersion: release.apiVersion, kind: release.kind, metadata: { name, uid }, status };
  await deps.kube.applyStatus(releaseKind, body as unknown as VaultRelease, { force: true, fieldManager });
  const [was, is] = [readyOf(release.status), readyOf(status)];
  if (!is || (was?.status === is.status && was.reason === is.reason)) return;
  const bad = visits.some(({ state }) => state === "Failed") || problem !== null;
  deps.tell?.(release, { type: bad ? "Warning" : "Normal", reason: is.reason, message: is.message });
};

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

/** Golden templates go with their release, once no Tenant runs it; a server that is away is waited for. */
const letGo = async (release: VaultRelease, deps: ReleaseDeps): Promise<Outcome> => {
  const { name, uid, resourceVersion, finalizers = [] } = release.metadata;
  if (!finalizers.includes(releaseFinalizer)) return done();
  const tenants = deps.tenantsOf(name);
  if (tenants === null) return wait(lookAgainMs, "TenantsUnknown", "The Tenants are being read.");
  if (tenants > 0)
    return wait(countAgainMs, "InUse", `${tenants} Tenants run this release; it stays until they do not.`);
  await endRuns(name, deps);
  for (const { server: serverName, database } of release.status?.goldenTemplates ?? []) {
    if (!deps.caches.servers.get(serverName)) continue;
    const server = deps.servers.get(serverName);
    if (!server)
      return wait(lookAgainMs, "DatabaseServerConnecting", `The server "${serverName}" is away; it is waited for.`);
    await server.dropGolden(database);
    await server.disableMigrator(release.spec.template);
  }
  const left = finalizers.filter((one) => one !== releaseFinalizer);
  await deps.kube
    .patch(releaseKind, { name }, { metadata: { uid, resourceVersion, finalizers: left } })
    .catch(ignoreNotFound);
  return done();
};

const nextLook = (visits: readonly GoldenVisit[]): Outcome => {
  const soonest = Math.min(countAgainMs, ...visits.flatMap(({ lookAgainMs: again }) => again ?? []));
  const unfinished = visits.find(({ state }) => state !== "Ready");
  return wait(soonest, unfinished?.reason ?? "Ready", unfinished?.message ?? "Every golden template is ready.");
};

/** One golden template per server for each release. Level-triggered: safe to run at any time, twice. */
export const reconcileRelease = (deps: ReleaseDeps): Reconcile => {
  const reconcile = async (name: string): Promise<Outcome> => {
    const release = deps.caches.releases.get(name)?.value;
    if (!release) return done();
    if (release.metadata.deletionTimestamp) return letGo(release, deps);
    await holdFinalizer(release, deps);
    const template = deps.caches.templates.get(release.spec.template)?.value;
    if (!template) {
      const message = `There is no VaultTemplate "${release.spec.template}", which says which image this is: create it.`;
      await writeStatus(release, [], deps, message);
      return wait(countAgainMs, "TemplateMissing", message);
    }
    const visits = await visitAll(release, template, deps);
    await writeStatus(release, visits, deps);
    return nextLook(visits);
  };
  return (name) => reconcile(name).catch(outcomeOf);
};

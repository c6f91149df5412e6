import type { DatabaseServer as DatabaseServerResource, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import { knownReason } from "../../crds/reasons.ts";
import type { Reflector } from "../../kube/reflector.ts";
import { goldenName } from "../database/names.ts";
import type { DatabaseServers } from "../database/tenant-database.ts";
import type { Reconcile } from "../engine/controller.ts";
import { outcomeOf } from "../kube-outcome.ts";
import type { FollowerCounts } from "../migration/followers.ts";
import { done, type Outcome, wait } from "../outcome.ts";
import { advanceGolden, type GoldenDeps } from "./advance-golden.ts";
import { letGo, releaseFinalizer } from "./let-go.ts";
import { type GoldenVisit, releaseStatus } from "./release-status.ts";
import { releaseKind, reportStatus, type Tell } from "./report-status.ts";

export interface ReleaseDeps extends GoldenDeps {
  caches: {
    releases: Pick<Reflector<VaultRelease>, "get">;
    templates: Pick<Reflector<VaultTemplate>, "get">;
    servers: Pick<Reflector<DatabaseServerResource>, "get" | "values">;
  };
  servers: DatabaseServers;
  /** Tenants that run this release; null while that is not known yet. */
  tenantsOf: (release: string) => number | null;
  /** Tenants that run this release or are to run it, by name and sorted; null while that is not known yet. */
  usersOf: (release: VaultRelease) => string[] | null;
  /** How far the migration of its followers is; null while nobody has looked. */
  followersOf: (release: string) => FollowerCounts | null;
  /** Retained vaults that ran it last and may come back with it. */
  retainedOf?: (release: string) => number;
  tell?: Tell;
}

/** How soon a server that is not connected yet, and the number of tenants, are looked at again. */
const lookAgainMs = 15_000;
const countAgainMs = 60_000;

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
  const { name } = release.metadata;
  const tenants = deps.tenantsOf(name) ?? release.status?.tenants ?? 0;
  const followers = deps.followersOf(name);
  const status = releaseStatus(release, { visits, problem, tenants, followers }, deps.clock.now());
  await reportStatus(release, status, deps);
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

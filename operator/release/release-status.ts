import type { VaultRelease, VaultReleaseStatus } from "../../crds/index.ts";
import type { Reason } from "../../crds/reasons.ts";
import { conditionsOf, type Judgement } from "../conditions.ts";
import type { FollowerCounts } from "../migration/followers.ts";

export type GoldenState = NonNullable<VaultReleaseStatus["goldenTemplates"]>[number];

/** One server's golden template as this visit found it, and when to look again. */
export type GoldenVisit = GoldenState & { reason: Reason; lookAgainMs: number | null };

const judge = (visits: readonly GoldenVisit[], problem: Judgement | null): Judgement => {
  if (problem) return problem;
  const make = (status: "True" | "False", reason: Reason, message: string): Judgement => ({
    type: "Ready",
    status,
    reason,
    message,
  });
  if (visits.length === 0)
    return make(
      "False",
      "NoDatabaseServer",
      "There is no DatabaseServer yet, so there is nowhere to put a golden template.",
    );
  const failed = visits.find(({ state }) => state === "Failed");
  if (failed)
    return make("False", failed.reason, `On "${failed.server}": ${failed.message ?? "the migrations failed."}`);
  const going = visits.find(({ state }) => state === "Migrating") ?? visits.find(({ state }) => state === "Pending");
  if (going)
    return make(
      "False",
      going.reason,
      `On "${going.server}": ${going.message ?? "the golden template is being made."}`,
    );
  return make("True", "Ready", "Every database server has the golden template; vaults can be made from it.");
};

/** Whether every vault that follows the release has its schema; null while nobody has looked. */
const judgeFollowers = (followers: FollowerCounts | null): Judgement[] => {
  if (!followers) return [];
  const make = (status: "True" | "False", reason: Reason, message: string): Judgement[] => [
    { type: "FollowersMigrated", status, reason, message },
  ];
  if (followers.failing > 0) {
    const names = listed(followers.failingSlugs, followers.failing);
    return make(
      "False",
      "MigrationFailed",
      `The migration failed for ${names}; each Tenant's SchemaCurrent says why and when it is tried again.`,
    );
  }
  if (followers.pending > 0)
    return make("False", "MigrationPending", "Databases of Tenants that follow this release are still to be migrated.");
  return make("True", "Migrated", "Every database of the Tenants that follow this release has its schema.");
};

/** The first five by name, and how many more there are. */
const listed = (slugs: readonly string[], count: number): string => {
  const named = slugs.slice(0, 5).join(", ");
  return count > slugs.slice(0, 5).length ? `${named} and more` : named;
};

export interface ReleaseView {
  visits: readonly GoldenVisit[];
  problem: Judgement | null;
  tenants: number;
  followers: FollowerCounts | null;
}

/** The status of a release as a pure function of what each server's visit brought and of how far its followers are. */
export const releaseStatus = (
  release: VaultRelease,
  { visits, problem, tenants, followers }: ReleaseView,
  now: Date,
): VaultReleaseStatus => {
  const { metadata, status } = release;
  const golden = visits.map(({ server, database, state, message }) => ({
    server,
    database,
    state,
    ...(message === undefined ? {} : { message: message.slice(0, 2048) }),
  }));
  const judged = [judge(visits, problem), ...judgeFollowers(followers)];
  const conditions = conditionsOf(status?.conditions, judged, metadata.generation, now);
  // While nobody has looked since a restart, what was known stands.
  const kept = followers ? [] : (status?.conditions ?? []).filter(({ type }) => type === "FollowersMigrated");
  const { migrated, pending, failing } = followers ?? status?.followers ?? {};
  return {
    goldenTemplates: golden,
    tenants,
    ...(migrated === undefined || pending === undefined || failing === undefined
      ? {}
      : { followers: { migrated, pending, failing } }),
    observedGeneration: metadata.generation,
    conditions: [...conditions, ...kept],
  };
};

/** Tenants that run a release or are to, and retained vaults that ran it last. */
export type ReleaseNeed = { tenants: readonly string[]; retained: number };

const needOf = ({ tenants, retained }: ReleaseNeed): string => {
  const running = `Deletion waits for those who run this release or are to: ${listed(tenants, tenants.length)}. Move them to another release.`;
  const kept = "Retained vaults that ran it last may come back with it: see kubectl get retainedvaults.";
  return [...(tenants.length > 0 ? [running] : []), ...(retained > 0 ? [kept] : [])].join(" ");
};

/** The status of a release that was deleted while vaults need it: what it was, and whose they are. */
export const inUseStatus = (release: VaultRelease, need: ReleaseNeed, now: Date): VaultReleaseStatus => {
  const { metadata, status } = release;
  const message = needOf(need);
  const held: Judgement = { type: "Ready", status: "False", reason: "InUse", message };
  const others = (status?.conditions ?? []).filter(({ type }) => type !== "Ready");
  return {
    ...status,
    tenants: status?.tenants ?? 0,
    conditions: [...conditionsOf(status?.conditions, [held], metadata.generation, now), ...others],
  };
};

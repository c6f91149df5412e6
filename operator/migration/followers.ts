import type { Tenant, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import { vaultDatabaseName } from "../database/names.ts";
import { type MigrationFacts, servesOn } from "../database/vault-migrations.ts";
import { vaultIdOf } from "../tenant/caches.ts";
import { upgradeWindow, wantedReleaseName } from "../tenant/upgrade/release-choice.ts";
import { nextTry } from "./next-try.ts";

/** A Tenant that is to run the release, and its database. */
export interface Follower {
  slug: string;
  database: string;
  tenant: Tenant;
}

/** What is to be done for the followers of one release on one server. */
export interface FleetPlan {
  /** To be migrated now, those that wait longest for another try last. */
  due: Follower[];
  /** When the next one will be due: its window opens, or its next try comes; null when none waits. */
  nextAt: Date | null;
  counts: FollowerCounts;
}

export interface FollowerCounts {
  migrated: number;
  pending: number;
  failing: number;
  /** The first few by name, for people. */
  failingSlugs: string[];
}

/** Those of the Tenants that ask for the release, by pin or channel, and are there to stay. */
export const followersOf = (tenants: Iterable<Tenant>, template: VaultTemplate, release: VaultRelease): Follower[] => {
  const followers: Follower[] = [];
  for (const tenant of tenants) {
    const vaultId = vaultIdOf(tenant);
    if (vaultId === null || tenant.metadata.deletionTimestamp) continue;
    if (tenant.spec.template !== template.metadata.name) continue;
    if (wantedReleaseName(tenant, template) !== release.metadata.name) continue;
    followers.push({ slug: tenant.metadata.name, database: vaultDatabaseName(vaultId), tenant });
  }
  return followers;
};

/** When its migration may run: not before its window is open, nor before the next try. */
const readyAt = ({ tenant }: Follower, facts: MigrationFacts, now: Date): Date | null => {
  const again = nextTry(facts, tenant);
  if (!tenant.status?.release) return again;
  const window = upgradeWindow(tenant, now);
  if (window.state === "invalid") return null;
  const opens = window.state === "open" ? now : window.opensAt;
  return opens > again ? opens : again;
};

const earlier = (one: Date | null, other: Date): Date => (one && one < other ? one : other);

/** Who is to be migrated now, who later, and how far the fleet is. A database without a record is still being made. Pure. */
export const planFleet = (
  followers: readonly Follower[],
  facts: ReadonlyMap<string, MigrationFacts>,
  needed: number,
  now: Date,
): FleetPlan => {
  const plan: FleetPlan = { due: [], nextAt: null, counts: { migrated: 0, pending: 0, failing: 0, failingSlugs: [] } };
  const failures = (follower: Follower): number => facts.get(follower.database)?.failures ?? 0;
  for (const follower of followers) {
    const known = facts.get(follower.database);
    if (!known) continue;
    if (known.schema.version >= needed) {
      // One that has left the release behind is no migration's business; its own condition says so.
      if (servesOn(known.schema, needed)) plan.counts.migrated += 1;
      continue;
    }
    if (known.lastFailure) {
      plan.counts.failing += 1;
      plan.counts.failingSlugs.push(follower.slug);
    } else plan.counts.pending += 1;
    const at = readyAt(follower, known, now);
    if (at === null) continue;
    if (at <= now) plan.due.push(follower);
    else plan.nextAt = earlier(plan.nextAt, at);
  }
  plan.due.sort((a, b) => failures(a) - failures(b) || (a.slug < b.slug ? -1 : 1));
  plan.counts.failingSlugs = plan.counts.failingSlugs.sort().slice(0, 5);
  return plan;
};

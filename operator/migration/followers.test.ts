import { describe, expect, it } from "@jest/globals";
import { aRelease, aTemplate, aTenant } from "../../test/builders/a-world.ts";
import { vaultDatabaseName } from "../database/names.ts";
import type { MigrationFacts } from "../database/vault-migrations.ts";
import { type Follower, followersOf, planFleet } from "./followers.ts";
import { nextTry } from "./next-try.ts";

const now = new Date("2026-01-09T12:00:00Z");
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const running = { name: "choir-1.0.0", version: "1.0.0", digest: `sha256:${"a".repeat(64)}`, schemaVersion: 1 };

const tenant = (n: number, changes: Parameters<typeof aTenant>[0] = {}) =>
  aTenant({
    status: { release: running },
    ...changes,
    metadata: {
      ...changes.metadata,
      name: `choir-${String(n)}`,
      annotations: { "polyphony.dev/vault-id": idOf(n), ...changes.metadata?.annotations },
    },
  });
const follower = (n: number, changes: Parameters<typeof aTenant>[0] = {}): Follower => ({
  slug: `choir-${String(n)}`,
  database: vaultDatabaseName(idOf(n)),
  tenant: tenant(n, changes),
});
const at = (version: number, failures = 0, failedAgo = 0): MigrationFacts => ({
  schema: { version, oldestSupported: 1 },
  failures,
  lastFailure: failures > 0 ? { at: ago(failedAgo), detail: "no", run: "before" } : null,
});
const factsOf = (...all: MigrationFacts[]) => new Map(all.map((facts, n) => [vaultDatabaseName(idOf(n)), facts]));
const slugs = (followers: Follower[]): string[] => followers.map(({ slug }) => slug);

describe("R1: who follows a release", () => {
  it("are those whose pin or channel says so, and that are there to stay", () => {
    const template = aTemplate({ spec: { channels: { stable: "1.1.0", slow: "1.0.0" } } });
    const all = [
      tenant(1),
      tenant(2, { spec: { release: { channel: "slow" } } }),
      tenant(3, { spec: { release: { channel: "slow", pin: "1.1.0" } } }),
      tenant(4, { spec: { release: { channel: "stable", pin: "1.0.0" } } }),
      tenant(5, { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }),
      tenant(6, { spec: { template: "band" } }),
    ];
    const release = aRelease({ metadata: { name: "choir-1.1.0" } });
    expect(slugs(followersOf(all, template, release))).toEqual(["choir-1", "choir-3"]);
  });
});

describe("R3: the plan of a fleet", () => {
  it("has each database that is behind once, and none that is done or not made yet", () => {
    const followers = [0, 1, 2, 3].map((n) => follower(n));
    const plan = planFleet(followers, factsOf(at(1), at(2), at(1)), 2, now);
    expect(slugs(plan.due)).toEqual(["choir-0", "choir-2"]);
    expect(plan.counts).toEqual({ migrated: 1, pending: 2, failing: 0, failingSlugs: [] });
    expect(plan.nextAt).toBeNull();
  });

  it("leaves one that failed until its time, counts it, and puts it last when it comes", () => {
    const followers = [0, 1, 2].map((n) => follower(n));
    const plan = planFleet(followers, factsOf(at(1, 1, 31), at(1, 3, 30), at(1)), 2, now);
    expect(slugs(plan.due)).toEqual(["choir-2", "choir-0"]);
    expect(plan.counts).toEqual({ migrated: 0, pending: 1, failing: 2, failingSlugs: ["choir-0", "choir-1"] });
    expect(plan.nextAt).toEqual(new Date(now.getTime() + 90_000));
  });

  it("keeps to maintenance windows, save for a vault that does not run yet", () => {
    const maintenanceWindow = { days: ["Sat" as const], start: "02:00", duration: "2h", timeZone: "UTC" };
    const closed = { spec: { maintenanceWindow } };
    const fresh: Follower = { ...follower(1), tenant: aTenant(closed) };
    const plan = planFleet([follower(0, closed), fresh], factsOf(at(1), at(1)), 2, now);
    expect(slugs(plan.due)).toEqual(["choir-1"]);
    expect(plan.nextAt).toEqual(new Date("2026-01-10T02:00:00Z"));
  });
});

describe("R3: the next try", () => {
  const waited = (failures: number): number => (nextTry(at(1, failures), tenant(1)).getTime() - now.getTime()) / 1000;

  it("comes after 30 s, then twice as long each time, an hour at most", () => {
    expect([1, 2, 3, 4, 8, 40].map(waited)).toEqual([30, 60, 120, 240, 3600, 3600]);
  });

  it("comes at once when it is asked for after the failure, and not for a request from before", () => {
    const asking = (time: Date) =>
      tenant(1, { metadata: { annotations: { "polyphony.dev/retry-requested-at": time.toISOString() } } });
    expect(nextTry(at(1, 5, 10), asking(ago(1))).getTime()).toBeLessThanOrEqual(now.getTime());
    expect(nextTry(at(1, 5, 10), asking(ago(20))).getTime()).toBeGreaterThan(now.getTime());
  });
});

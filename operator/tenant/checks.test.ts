import { describe, expect, it } from "@jest/globals";
import { aDatabase, aRelease, aServer, aTemplate, aTenant, aWorld } from "../../test/builders/a-world.ts";
import { done } from "../outcome.ts";
import { firstFinding } from "./checks.ts";
import { statusOf } from "./status.ts";
import type { World } from "./world.ts";

const stopped = { exists: true, available: false, rolledOut: false, replicas: 1, digest: null, trouble: null };
const trouble = { reason: "ImagePullBackOff" as const, message: "The image cannot be pulled." };

const table: { name: string; world: Partial<World>; reason: string; says: RegExp }[] = [
  {
    name: "no such template",
    world: { template: null, plan: null },
    reason: "TemplateMissing",
    says: /no VaultTemplate "choir": create it/,
  },
  { name: "no such plan", world: { plan: null }, reason: "PlanUnknown", says: /no plan "free"\. Its plans: free/ },
  {
    name: "another tenant holds the vault",
    world: { rival: "first" },
    reason: "VaultIdTaken",
    says: /"first" holds the same vault/,
  },
  { name: "not claimed yet", world: { vaultId: null }, reason: "Claiming", says: /identity/ },
  {
    name: "no such channel",
    world: { release: null, wanted: { name: null, release: null } },
    reason: "ChannelUnknown",
    says: /no channel "stable"\. Its channels: stable/,
  },
  {
    name: "no such release",
    world: { release: null, wanted: { name: "choir-9.9.9", release: null } },
    reason: "ReleaseMissing",
    says: /no VaultRelease "choir-9\.9\.9": publish/,
  },
  { name: "no server at all", world: { server: null }, reason: "NoDatabaseServer", says: /add one/ },
  {
    name: "the server's resource is gone",
    world: { server: { name: "x", resource: null, handle: null } },
    reason: "DatabaseServerMissing",
    says: /no DatabaseServer "x"/,
  },
  {
    name: "the server refuses the password",
    world: {
      server: {
        name: "default",
        handle: null,
        resource: aServer({
          status: {
            conditions: [
              {
                type: "Ready",
                status: "False",
                reason: "DatabaseServerAuthFailed",
                message: "Wrong password.",
                lastTransitionTime: "2026-01-01T00:00:00Z",
              },
            ],
          },
        }),
      },
    },
    reason: "DatabaseServerAuthFailed",
    says: /Wrong password/,
  },
  {
    name: "the server is being connected to",
    world: { server: { name: "default", resource: aServer(), handle: null } },
    reason: "DatabaseServerConnecting",
    says: /connecting/,
  },
  {
    name: "the server stopped answering",
    world: { database: null, databaseError: { reason: "DatabaseServerUnreachable", message: "No answer." } },
    reason: "DatabaseServerUnreachable",
    says: /No answer/,
  },
  {
    name: "no golden template yet",
    world: { database: null, release: aRelease({ status: { goldenTemplates: [] } }) },
    reason: "GoldenTemplatePending",
    says: /golden template of choir-1\.0\.0 is being made on "default"/,
  },
  {
    name: "migrations that do not get on",
    world: {
      database: null,
      release: aRelease({
        status: {
          goldenTemplates: [
            { server: "default", database: "g", state: "Migrating", message: "The image cannot be pulled." },
          ],
        },
      }),
    },
    reason: "GoldenTemplatePending",
    says: /being made on "default"\. The image cannot be pulled/,
  },
  {
    name: "the migrations failed",
    world: {
      database: null,
      release: aRelease({
        status: {
          goldenTemplates: [{ server: "default", database: "g", state: "Failed", message: "column x is missing" }],
        },
      }),
    },
    reason: "GoldenTemplateFailed",
    says: /column x is missing/,
  },
  { name: "no database yet", world: { database: null }, reason: "DatabasePending", says: /being made/ },
  {
    name: "a database closed to connections",
    world: { database: aDatabase({ database: { allowConnections: false } }) },
    reason: "DatabasePending",
    says: /being made/,
  },
  {
    name: "read-only with a login that may write",
    world: { tenant: aTenant({ spec: { access: "ReadOnly" } }) },
    reason: "DatabaseAccessPending",
    says: /rights/,
  },
  {
    name: "a database of which no schema is on record",
    world: { database: aDatabase({ schema: null }) },
    reason: "SchemaUnknown",
    says: /Nothing is recorded/,
  },
  {
    name: "no deployment yet",
    world: { workload: { ...stopped, exists: false } },
    reason: "ResourcesPending",
    says: /being made/,
  },
  { name: "pods that start", world: { workload: stopped }, reason: "PodsStarting", says: /starting/ },
  {
    name: "pods that cannot start",
    world: { workload: { ...stopped, trouble } },
    reason: "ImagePullBackOff",
    says: /cannot be pulled\. See: kubectl -n vault-0b0e2a5e6c1d describe pods/,
  },
  {
    name: "no ready endpoint",
    world: { endpointsReady: false },
    reason: "EndpointsPending",
    says: /ready to be reached/,
  },
  {
    name: "a host that is another's",
    world: { hostRival: { host: "choir.example.org", tenant: "first" } },
    reason: "HostTaken",
    says: /choir\.example\.org belongs to the Tenant "first"/,
  },
  {
    name: "a roll-out under way",
    world: { workload: { ...stopped, available: true } },
    reason: "RollingOut",
    says: /rolled out/,
  },
];

describe("the checks of a tenant (K1, K2)", () => {
  it("find nothing when the vault answers", () => {
    expect(firstFinding(aWorld())).toBeNull();
  });

  it.each(table)("is not ready: $name", ({ world, reason, says }) => {
    const judged = firstFinding(aWorld(world));
    expect(judged?.finding.reason).toBe(reason);
    expect(judged?.finding.message).toMatch(says);
  });

  describe("R5: a vault that serves is ready, and says what is pending", () => {
    const running = { name: "choir-1.0.0", version: "1.0.0", digest: "sha256:0", schemaVersion: 1 };
    const release = aRelease({ metadata: { name: "choir-2.0.0" }, spec: { version: "2.0.0", schemaVersion: 2 } });
    const at = new Date("2026-01-09T12:00:00Z");
    const lastFailure = { at, detail: "canceling statement due to lock timeout (55P03).", run: "fleet-1" };
    const schema = { version: 1, oldestSupported: 1 };
    const pending: { name: string; world: Partial<World>; reason: string; says: RegExp }[] = [
      {
        name: "its migration is to come",
        world: { hold: { why: "Migration" } },
        reason: "MigrationPending",
        says: /from schema 1 to 2 for choir-2\.0\.0\. The vault serves on choir-1\.0\.0/,
      },
      {
        name: "its migration failed",
        world: { hold: { why: "Migration" }, migration: { schema, failures: 2, lastFailure } },
        reason: "MigrationFailed",
        says: /lock timeout.*serves on choir-1\.0\.0\. It is tried again at 2026-01-09T12:01:00Z.*retry-requested-at/,
      },
      {
        name: "the golden template is not ready",
        world: { hold: { why: "GoldenTemplate", failed: false, message: null } },
        reason: "GoldenTemplatePending",
        says: /comes first/,
      },
      {
        name: "the golden template failed",
        world: { hold: { why: "GoldenTemplate", failed: true, message: "No." } },
        reason: "GoldenTemplateFailed",
        says: /no vault is migrated\. No\./,
      },
      {
        name: "its window is closed",
        world: { hold: { why: "Window", opensAt: at } },
        reason: "WindowClosed",
        says: /opens at 2026-01-09T12:00:00Z\. To go now: kubectl annotate .*upgrade-requested-at/,
      },
      {
        name: "its window never opens",
        world: { hold: { why: "Window", opensAt: null } },
        reason: "WindowInvalid",
        says: /unknown time zone/,
      },
      {
        name: "the wanted release is too old for its database",
        world: { hold: { why: "SchemaLeftBehind", oldestSupported: 3 } },
        reason: "SchemaLeftBehind",
        says: /only releases from schema 3 on/,
      },
      {
        name: "the wanted release does not exist",
        world: { wanted: { name: "choir-9.9.9", release: null } },
        reason: "ReleaseMissing",
        says: /no VaultRelease "choir-9\.9\.9"/,
      },
      {
        name: "its channel does not exist",
        world: { wanted: { name: null, release: null } },
        reason: "ChannelUnknown",
        says: /Its channels: stable/,
      },
      {
        name: "it is being rolled out",
        world: { workload: { ...stopped, available: true } },
        reason: "RollingOut",
        says: /is being rolled out/,
      },
    ];
    pending.push({
      name: "the new pods do not come up",
      world: { workload: { ...stopped, available: true, trouble } },
      reason: "ImagePullBackOff",
      says: /does not come up: The image cannot be pulled\. The pods before it serve on/,
    });
    it.each(pending)("while $name", ({ world, reason, says }) => {
      const tenant = aTenant({ status: { release: running } });
      const seen = aWorld({ tenant, wanted: { name: "choir-2.0.0", release }, ...world });
      const status = statusOf({
        world: seen,
        outcome: done(),
        failures: 1,
        publicUrlTemplate: "http://{slug}.x",
        now: at,
      });
      const conditionOf = (type: string) => status.conditions?.find((condition) => condition.type === type);
      expect(conditionOf("Ready")?.status).toBe("True");
      expect(status.phase).toBe("Active");
      expect(conditionOf("ReleaseCurrent")).toMatchObject({ status: "False", reason });
      expect(conditionOf("ReleaseCurrent")?.message).toMatch(says);
      const aboutSchema = /^(Migration|GoldenTemplate|SchemaLeftBehind)/.test(reason);
      expect(conditionOf("SchemaCurrent")).toMatchObject(
        aboutSchema ? { status: "False", reason } : { status: "True" },
      );
    });
  });

  it("names the plans that there are, in order", () => {
    const template = aTemplate({ spec: { plans: { tier1: aTemplate().spec.plans.free } } } as never);
    expect(firstFinding(aWorld({ template, plan: null }))?.finding.message).toMatch(/free, tier1/);
  });
});

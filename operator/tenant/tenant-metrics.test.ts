import { describe, expect, it } from "@jest/globals";
import { Registry } from "prom-client";
import { aRelease, aServer, aTenant } from "../../test/builders/a-world.ts";
import { exportTenantMetrics, type TenantMetricsOptions } from "./tenant-metrics.ts";

const cacheOf = <T>(...items: T[]) => ({
  values: () => items.map((value, index) => ({ key: String(index), uid: "", resourceVersion: "", value })).values(),
});

const condition = (status: "True" | "False", reason: string, type = "Ready") => ({
  type,
  status,
  reason,
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
});

const scrape = async (caches: Partial<TenantMetricsOptions["caches"]>): Promise<string[]> => {
  const registry = new Registry();
  const empty = { tenants: cacheOf(), servers: cacheOf(), releases: cacheOf() };
  const clock = { now: () => new Date("2026-01-01T01:00:00Z") };
  exportTenantMetrics({ registry, clock, caches: { ...empty, ...caches } as TenantMetricsOptions["caches"] });
  return (await registry.metrics()).split("\n");
};

describe("A6: the operator's numbers about Tenants", () => {
  it("count Tenants by phase, those without a status as Pending, and every phase from 0", async () => {
    const lines = await scrape({
      tenants: cacheOf(aTenant(), aTenant({ status: { phase: "Active" } }), aTenant({ status: { phase: "Active" } })),
    });
    expect(lines).toContain('polyphony_tenants{phase="Pending"} 1');
    expect(lines).toContain('polyphony_tenants{phase="Active"} 2');
    expect(lines).toContain('polyphony_tenants{phase="Failed"} 0');
  });

  it("count the conditions that do not hold, by type and reason", async () => {
    const bad = aTenant({
      status: { conditions: [condition("False", "CrashLoopBackOff"), condition("True", "x", "y")] },
    });
    const lines = await scrape({ tenants: cacheOf(bad, bad, aTenant()) });
    expect(lines.filter((line) => line.startsWith("polyphony_tenant_conditions{"))).toEqual([
      'polyphony_tenant_conditions{condition="Ready",reason="CrashLoopBackOff"} 2',
    ]);
  });

  it("count Tenants whose secrets are older than they should be", async () => {
    const overdue = aTenant({ status: { conditions: [condition("False", "RotationOverdue", "SecretsCurrent")] } });
    const rotating = aTenant({ status: { conditions: [condition("False", "Rotating", "SecretsCurrent")] } });
    expect(await scrape({ tenants: cacheOf(overdue, rotating) })).toContain("polyphony_rotation_overdue 1");
    expect(await scrape({ tenants: cacheOf(rotating) })).toContain("polyphony_rotation_overdue 0");
  });

  it("say how long the oldest vault is on its way; one that has served, or is being deleted, is not", async () => {
    const release = { name: "choir-1.0.0", version: "1.0.0", digest: "sha256:0", schemaVersion: 1 };
    const served = aTenant({ status: { phase: "Provisioning", release } });
    const leaving = aTenant({ metadata: { deletionTimestamp: "2026-01-01T00:30:00Z" } });
    const late = aTenant({ metadata: { creationTimestamp: "2026-01-01T00:50:00Z" } });
    expect(await scrape({ tenants: cacheOf(served, leaving, late) })).toContain(
      "polyphony_oldest_provisioning_seconds 600",
    );
    expect(await scrape({ tenants: cacheOf(served) })).toContain("polyphony_oldest_provisioning_seconds 0");
  });

  it("say how full each database server is and whether it is ready, and forget one that is gone", async () => {
    const full = aServer({ spec: { capacity: 200 }, status: { databases: 150 } });
    const away = aServer({ metadata: { name: "away" }, status: { conditions: [condition("False", "Away")] } });
    const lines = await scrape({ servers: cacheOf(full, away) });
    expect(lines).toContain('polyphony_database_server_capacity_ratio{server="default"} 0.75');
    expect(lines).toContain('polyphony_database_server_ready{server="default"} 1');
    expect(lines).toContain('polyphony_database_server_ready{server="away"} 0');
    expect(await scrape({})).not.toContainEqual(expect.stringContaining("database_server_ready{"));
  });

  it("count golden templates by state", async () => {
    const lines = await scrape({ releases: cacheOf(aRelease(), aRelease()) });
    expect(lines).toContain('polyphony_golden_templates{state="Ready"} 2');
    expect(lines).toContain('polyphony_golden_templates{state="Failed"} 0');
  });
});

import { describe, expect, it } from "@jest/globals";
import { Registry } from "prom-client";
import { exportRegistryMetrics } from "./registry-metrics.ts";
import type { RegistryFigures } from "./registry-figures.ts";

const figures = (dead: number): RegistryFigures => ({
  vaults: [{ phase: "Active", count: 7 }],
  approvalsWaiting: 2,
  work: [{ kind: "mail", waiting: 3, dead }],
  oldestWorkSeconds: 41,
});

describe("A6: what the worker says of the registry", () => {
  it("is read anew for each scrape, once for all series", async () => {
    const registry = new Registry();
    let reads = 0;
    const read = () => Promise.resolve(figures((reads += 1)));
    exportRegistryMetrics({ registry, read, onTrouble: () => undefined });
    expect(await registry.metrics()).toContain('polyphony_outbox_dead{kind="mail"} 1');
    const text = await registry.metrics();
    expect(text).toContain('polyphony_outbox_dead{kind="mail"} 2');
    expect(text).toContain('polyphony_outbox_dead{kind="publish-tenant"} 0');
    expect(text).toContain('polyphony_vaults{phase="Active"} 7');
    expect(text).toContain("polyphony_outbox_oldest_seconds 41");
    expect(reads).toBe(2);
  });

  it("is left out, not old, while the database does not answer", async () => {
    const registry = new Registry();
    const answers = [Promise.resolve(figures(1)), Promise.reject(new Error("away"))];
    const troubles: unknown[] = [];
    const read = () => answers.shift() ?? Promise.resolve(figures(0));
    exportRegistryMetrics({ registry, read, onTrouble: (error) => void troubles.push(error) });
    await registry.metrics();
    expect(await registry.metrics()).not.toMatch(
      /^polyphony_(vaults|outbox_dead|outbox_oldest_seconds|approvals_waiting)[ {]/m,
    );
    expect(troubles).toHaveLength(1);
  });

  it("says how many chains of the audit log are broken, and when that was looked at", async () => {
    const registry = new Registry();
    const { auditVerified, workFailed } = exportRegistryMetrics({
      registry,
      read: () => Promise.resolve(figures(0)),
      onTrouble: () => undefined,
    });
    auditVerified(1, new Date(5_000));
    workFailed("mail", "buried");
    const text = await registry.metrics();
    expect(text).toContain("polyphony_audit_broken_chains 1");
    expect(text).toContain("polyphony_audit_verified_timestamp_seconds 5");
    expect(text).toContain('polyphony_work_failures_total{kind="mail",fate="buried"} 1');
  });
});

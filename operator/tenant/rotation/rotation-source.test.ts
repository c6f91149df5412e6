import { describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../../crds/index.ts";
import { createFakeKube } from "../../../kube/fake-kube.ts";
import { fakeTimer } from "../../../kube/fake-timer.ts";
import { createReflector } from "../../../kube/reflector.ts";
import { aTenant } from "../../../test/builders/a-world.ts";
import { tenantKind } from "../gather.ts";
import { createRotationGate, rotationsAtOnce } from "./rotation-gate.ts";
import { rotationSource } from "./rotation-source.ts";
import { createTenantCaches } from "../tenant-sources.ts";

const hour = 3_600_000;

const scene = async (afterMs: number, slugs: string[] = ["alto"]) => {
  const kube = createFakeKube();
  for (const name of slugs) await kube.create(tenantKind, { ...aTenant(), metadata: { name } } as Tenant);
  const tenants = createReflector<Tenant, Tenant>({ kube, kind: tenantKind, project: (tenant) => tenant });
  tenants.start();
  await tenants.whenSynced();
  // The fake API server dates what is made by the machine's clock.
  const timer = fakeTimer(new Date());
  const woken: string[] = [];
  const source = rotationSource({ tenants }, { afterMs, timer });
  source.subscribe((key) => void woken.push(key));
  source.start();
  return { source, timer, woken, stop: () => Promise.all([source.stop(), tenants.stop()]) };
};

describe("D7: the schedule of rotations", () => {
  it("wakes a tenant when its secrets are due, and again while they are, with one timer for all", async () => {
    const { timer, woken, stop } = await scene(10 * hour);
    await timer.advance(8 * hour);
    expect(woken).toEqual([]);
    await timer.advance(2 * hour);
    expect(new Set(woken)).toEqual(new Set(["alto"]));
    await stop();
  });

  it("wakes a few at a time, each in its turn, and soon again while more are due", async () => {
    const slugs = ["a", "b", "c", "d", "e", "f"];
    const { timer, woken, stop } = await scene(10 * hour, slugs);
    // The first look at which something is due: at the latest at the full age.
    while (woken.length === 0) await timer.advance(60_000);
    expect(woken).toEqual(["a", "b", "c", "d"].slice(0, woken.length));
    await timer.advance(hour);
    woken.length = 0;
    await timer.advance(15_000);
    const first = [...woken];
    await timer.advance(15_000);
    expect(first).toHaveLength(4);
    expect(new Set(woken)).toEqual(new Set(slugs));
    await stop();
  });

  it("keeps no timer at all when nothing rotates by itself", async () => {
    const { timer, stop } = await scene(0);
    expect(timer.pending()).toBe(0);
    await stop();
  });
});

describe("D7: how many rotate at once", () => {
  it("counts those that have just begun, before the cache has seen it, and lets go of those that are done", () => {
    const caches = createTenantCaches(createFakeKube(), { selector: "" });
    const gate = createRotationGate(caches);
    const rotating = { rotation: { database: { step: "Switch" as const, startedAt: "2026-01-01T00:00:00Z" } } };
    for (let n = 0; n < rotationsAtOnce; n += 1) {
      expect(gate.isOpen()).toBe(true);
      gate.recorded(`vault-${n}`, rotating);
      gate.recorded(`vault-${n}`, rotating);
    }
    expect(gate.isOpen()).toBe(false);
    gate.recorded("vault-0", { rotation: { database: { rotatedAt: "2026-01-01T00:00:10Z" } } });
    expect(gate.isOpen()).toBe(true);
    gate.recorded("vault-0", rotating);
    expect(gate.isOpen()).toBe(false);
    gate.forget("vault-1");
    expect(gate.isOpen()).toBe(true);
  });
});

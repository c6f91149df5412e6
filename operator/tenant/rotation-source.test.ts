import { describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { fakeTimer } from "../../kube/fake-timer.ts";
import { createReflector } from "../../kube/reflector.ts";
import { aTenant } from "../../test/builders/a-world.ts";
import { tenantKind } from "./gather.ts";
import { rotationSource } from "./rotation-source.ts";

const hour = 3_600_000;

const scene = async (afterMs: number) => {
  const kube = createFakeKube();
  await kube.create(tenantKind, { ...aTenant(), metadata: { name: "alto" } } as Tenant);
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

  it("keeps no timer at all when nothing rotates by itself", async () => {
    const { timer, stop } = await scene(0);
    expect(timer.pending()).toBe(0);
    await stop();
  });
});

import type { Tenant, TenantStatus } from "../../crds/index.ts";
import { tenants } from "../names.ts";
import { activeStatus, putInstallation } from "./a-cluster.ts";
import { createFakeWorld, type FakeWorld, type FakeWorldOptions } from "./fake-world.ts";

/** The tenant of the installation that every world here begins with. */
export const slug = "alto-ensemble";
/** A world with an installation that is a minute old. */
export const aWorld = async (options: FakeWorldOptions = {}): Promise<FakeWorld> => {
  const world = createFakeWorld(options);
  await putInstallation(world.kube);
  await world.timer.advance(60_000);
  return world;
};

export const tenantOf = ({ kube }: FakeWorld, name = slug): Promise<Tenant> => kube.get(tenants, { name });

/** What the operator would write after it has done its part. */
export const settle = async (world: FakeWorld, change: Partial<TenantStatus>, name = slug): Promise<void> => {
  await world.timer.advance(2_000);
  const { metadata } = await tenantOf(world, name);
  const status = activeStatus(name, { observedGeneration: metadata.generation, ...change });
  await world.kube.patchStatus(tenants, { name }, { status }, { fieldManager: "polyphony-operator" });
};

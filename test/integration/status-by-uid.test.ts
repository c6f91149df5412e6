import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { ConflictError } from "../../kube/errors.ts";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { createLiveKube, type LiveKube } from "../../kube/live-kube.ts";
import { started } from "../harness/started.ts";
import { connectApiServer } from "./api-server.ts";
import { goodObjects } from "./good-objects.ts";
import { installCrds } from "./install-crds.ts";

const tenantKind = typed<Tenant>(kinds.tenant);
const name = `status-${randomBytes(3).toString("hex")}`;
const tenant = () => ({ ...goodObjects.Tenant(), metadata: { name } }) as unknown as Tenant;
const statusOf = (uid: string, message: string) => ({ metadata: { name, uid }, status: { message } }) as Tenant;

let live: LiveKube;
beforeAll(async () => {
  const api = await connectApiServer();
  await installCrds(api);
  api.close();
  live = createLiveKube({
    access: clusterAccess(started.kubeconfig()),
    fieldManager: "status-by-uid",
  });
});
afterAll(() => {
  live.close();
});

describe("the status of a custom resource", () => {
  it.each<[string, () => Kube]>([
    ["the live client", () => live],
    ["the fake", createFakeKube],
  ])("fault 14: is never given to another object of the same name (%s)", async (_client, kubeOf) => {
    const kube = kubeOf();
    const first = await kube.create(tenantKind, tenant());
    const stored = await kube.applyStatus(tenantKind, statusOf(first.metadata.uid, "of the first"), { force: true });
    expect(stored.status?.message).toBe("of the first");
    await kube.delete(tenantKind, { name });
    const second = await kube.create(tenantKind, tenant());
    const late = kube.applyStatus(tenantKind, statusOf(first.metadata.uid, "of the first"), { force: true });
    await expect(late).rejects.toThrow(ConflictError);
    expect((await kube.get(tenantKind, { name })).status).toBeUndefined();
    await kube.patch(tenantKind, { name }, { metadata: { labels: { edited: "meanwhile" } } });
    await kube.applyStatus(tenantKind, statusOf(second.metadata.uid, "of the second"), { force: true });
    expect((await kube.get(tenantKind, { name })).status?.message).toBe("of the second");
    await kube.delete(tenantKind, { name });
  });
});

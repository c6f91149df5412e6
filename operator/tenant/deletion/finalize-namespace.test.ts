import { describe, expect, it } from "@jest/globals";
import { createFakeKube, type FakeKube } from "../../../kube/fake-kube.ts";
import { kinds } from "../../../kube/kinds.ts";
import { skewedTimer } from "../../../test/builders/skewed-timer.ts";
import type { TenantDeps } from "../deps.ts";
import { podsAreGone, removeNamespace, stopPods } from "./finalize-namespace.ts";
import { labels } from "../names.ts";

const vaultId = "0b0e2a5e-6c1d-4b38-9a51-0d6a0f2f4e11";
const namespace = "vault-0b0e2a5e6c1d";

const scene = async (finalizers: string[] = []) => {
  const kube: FakeKube = createFakeKube();
  const clock = skewedTimer();
  await kube.create(kinds.namespace, {
    metadata: { name: namespace, labels: { [labels.vaultId]: vaultId }, finalizers },
  });
  return { kube, clock, deps: { kube, clock } as unknown as TenantDeps };
};

describe("K4: what stands in a deletion's way is named, with the way out", () => {
  it("waits for pods that stop, and names the one that does not", async () => {
    const { kube, clock, deps } = await scene();
    await kube.create(kinds.pod, { metadata: { name: "vault-1", namespace, finalizers: ["example.org/x"] } });
    await expect(stopPods(vaultId, deps)).rejects.toMatchObject({ reason: "PodsStopping" });
    await kube.delete(kinds.pod, { name: "vault-1", namespace });
    clock.later(60_000);
    await expect(stopPods(vaultId, deps)).rejects.toMatchObject({
      reason: "PodsStuck",
      message: expect.stringMatching(/vault-1 .*example\.org\/x.*delete pod vault-1 --force/),
    });
    expect(await podsAreGone(vaultId, deps)).toBe(false);
  });

  it("names the finalizer on the namespace itself", async () => {
    const { clock, deps } = await scene(["example.org/keep"]);
    await expect(removeNamespace(vaultId, deps)).rejects.toMatchObject({ reason: "NamespaceTerminating" });
    await expect(removeNamespace(vaultId, deps)).rejects.toMatchObject({ reason: "NamespaceTerminating" });
    clock.later(60_000);
    await expect(removeNamespace(vaultId, deps)).rejects.toMatchObject({
      reason: "NamespaceStuck",
      message: expect.stringMatching(/example\.org\/keep.*kubectl patch namespace vault-0b0e2a5e6c1d/),
    });
  });

  it("repeats what Kubernetes says of kinds that it does not know itself, such as a claim on a volume", async () => {
    const { kube, clock, deps } = await scene(["example.org/keep"]);
    await kube.delete(kinds.namespace, { name: namespace });
    const message = "Some resources are remaining: persistentvolumeclaims. has 1 resource instances";
    const condition = { type: "NamespaceContentRemaining", status: "True", reason: "SomeResourcesRemain", message };
    await kube.patchStatus(kinds.namespace, { name: namespace }, { status: { conditions: [condition] } });
    clock.later(60_000);
    await expect(removeNamespace(vaultId, deps)).rejects.toMatchObject({
      reason: "NamespaceStuck",
      message: expect.stringContaining(message),
    });
  });

  it("leaves a namespace of the name that is not the vault's alone", async () => {
    const { kube, deps } = await scene();
    await kube.patch(kinds.namespace, { name: namespace }, { metadata: { labels: { [labels.vaultId]: null } } });
    await removeNamespace(vaultId, deps);
    expect(await podsAreGone(vaultId, deps)).toBe(true);
    expect(await kube.find(kinds.namespace, { name: namespace })).toBeDefined();
  });
});

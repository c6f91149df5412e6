import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { createLiveKube, type LiveKube } from "../../kube/live-kube.ts";
import { type KubeObject, refOf } from "../../kube/kube.ts";
import { applyChildren } from "../../operator/tenant/children/apply-children.ts";
import { childKinds, projectChild, type ChildProjection } from "../../operator/tenant/children/children.ts";
import { desiredChildren, type DesiredChild } from "../../operator/tenant/desired.ts";
import { createDriftLedger } from "../../operator/tenant/drift/drift-ledger.ts";
import { watchDrift } from "../../operator/tenant/drift/drift-watch.ts";
import { fingerprint } from "../../operator/tenant/children/fingerprint.ts";
import { namespaceOf } from "../../operator/tenant/names.ts";
import { childKey } from "../../operator/tenant/world.ts";
import { aDesiredVault } from "../builders/a-desired-vault.ts";
import { started } from "../harness/started.ts";

const vaultId = randomUUID();
const plan = { ...aDesiredVault().plan, replicas: 2, limits: { cpu: "0.5", memory: "1024Mi" } };
const vault = aDesiredVault({ vaultId, namespace: namespaceOf(vaultId), plan });
const stages = desiredChildren(vault);
const children = stages.flat();
const watch = () => {
  const ledger = createDriftLedger({ now: () => new Date() }, () => undefined);
  return watchDrift({ vaultId, digest: "", ledger, tell: () => undefined });
};

describe("a vault's objects on a real API server (K1, K3)", () => {
  let kube: LiveKube;
  beforeAll(() => {
    kube = createLiveKube({
      access: clusterAccess(started.kubeconfig()),
      fieldManager: "polyphony-operator",
    });
  });
  afterAll(async () => {
    await kube.delete(childKinds.Namespace, { name: vault.namespace });
    kube.close();
  });

  const stored = ({ kind, object }: DesiredChild) => kube.get<KubeObject>(childKinds[kind], refOf(object));
  const known = async (): Promise<Map<string, ChildProjection>> => {
    const found = new Map<string, ChildProjection>();
    for (const child of children) {
      const projection = projectChild(child.kind)(await stored(child));
      if (projection) found.set(childKey(projection.kind, projection.name), projection);
    }
    return found;
  };
  /** What we have written of each object and when; controllers of the cluster write the rest meanwhile. */
  const writtenByUs = () =>
    Promise.all(
      children.map(async (child) => {
        const object = await stored(child);
        const ours = object.metadata?.managedFields?.filter(({ manager }) => manager === "polyphony-operator");
        return { kind: child.kind, fingerprint: fingerprint(child.kind, object), ours };
      }),
    );

  it("are all accepted, and the server's answer has the fingerprint of what was desired", async () => {
    const written = await applyChildren(kube, new Map(), stages, watch());
    expect(written.size).toBe(children.length);
    for (const child of children) {
      const key = childKey(child.kind, child.object.metadata?.name ?? "");
      expect({ key, fingerprint: written.get(key)?.fingerprint }).toEqual({
        key,
        fingerprint: fingerprint(child.kind, child.object),
      });
    }
  });

  it("are not written again while they are in sync", async () => {
    const settled = await known();
    const before = await writtenByUs();
    expect(before.every(({ ours }) => ours?.length === 1)).toBe(true);
    expect((await applyChildren(kube, settled, stages, watch())).size).toBe(0);
    expect(await writtenByUs()).toEqual(before);
  });

  it("come back as desired after edits by hand, also additions that server-side apply would leave", async () => {
    await kube.patch(
      childKinds.Service,
      { name: "vault", namespace: vault.namespace },
      { spec: { selector: { evil: "yes" } } },
    );
    await kube.patch(childKinds.Deployment, { name: "vault", namespace: vault.namespace }, { spec: { replicas: 0 } });
    await kube.patch(
      childKinds.Secret,
      { name: "vault", namespace: vault.namespace },
      { data: { SIGNING_KEY: "ZXZpbA==", EXTRA: "ZXZpbA==" } },
    );
    const written = await applyChildren(kube, await known(), stages, watch());
    expect([...written.keys()].sort()).toEqual(["Deployment/vault", "Secret/vault", "Service/vault"]);
    const after = await known();
    for (const { kind, object } of children) {
      expect(after.get(childKey(kind, object.metadata?.name ?? ""))?.fingerprint).toBe(fingerprint(kind, object));
    }
  });

  it("leave alone a namespace of the same name that is not the vault's", async () => {
    const foreign = randomUUID();
    const name = namespaceOf(foreign);
    await kube.create(
      childKinds.Namespace,
      { metadata: { name, labels: { owner: "somebody" } } },
      { fieldManager: "somebody" },
    );
    const theirs = aDesiredVault({ vaultId: foreign, namespace: name });
    await expect(applyChildren(kube, new Map(), desiredChildren(theirs), watch())).rejects.toMatchObject({
      reason: "NamespaceForeign",
    });
    const untouched = await kube.get(childKinds.Namespace, { name });
    expect(untouched.metadata?.labels).not.toHaveProperty("polyphony.dev/vault-id");
    await kube.delete(childKinds.Namespace, { name });
  });
});

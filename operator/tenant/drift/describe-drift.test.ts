import { describe, expect, it } from "@jest/globals";
import type { Deployment } from "../../../kube/kinds.ts";
import type { KubeObject } from "../../../kube/kube.ts";
import { aDesiredVault } from "../../../test/builders/a-desired-vault.ts";
import { deployment } from "../resources/deployment.ts";
import { secret } from "../resources/identity.ts";
import { describeDifference, differenceOf } from "./describe-drift.ts";

const edited = (edit: (object: Deployment) => void, fields?: object): KubeObject => {
  const object = structuredClone(deployment(aDesiredVault()));
  edit(object);
  const managedFields = fields ? [{ manager: "kubectl-edit", operation: "Update", fieldsV1: fields }] : [];
  return { ...object, metadata: { ...object.metadata, managedFields } };
};

const say = (live: KubeObject): string =>
  describeDifference(differenceOf("Deployment", live, deployment(aDesiredVault())));

describe("what people are told about drift (K3)", () => {
  it.each<[string, KubeObject]>([
    [
      "spec.replicas was changed by kubectl-edit",
      edited((object) => Object.assign(object.spec ?? {}, { replicas: 7 }), { "f:spec": { "f:replicas": {} } }),
    ],
    [
      "spec.template.spec.containers[vault].image was changed by kubectl-edit",
      edited((object) => Object.assign(object.spec?.template.spec?.containers[0] ?? {}, { image: "evil" }), {
        "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"vault"}': { "f:image": {} } } } } },
      }),
    ],
    [
      "spec.template.spec.containers[vault].env[X] was changed",
      edited((object) => object.spec?.template.spec?.containers[0]?.env?.push({ name: "X", value: "1" })),
    ],
    [
      "metadata.labels.polyphony.dev/vault-id and spec.paused were changed",
      edited((object) => {
        Object.assign(object.spec ?? {}, { paused: true });
        Reflect.deleteProperty(object.metadata?.labels ?? {}, "polyphony.dev/vault-id");
      }),
    ],
  ])("%s", (text, live) => {
    expect(say(live)).toBe(text);
  });

  it("counts fields beyond the third", () => {
    const change = { paused: true, minReadySeconds: 5, replicas: 9, revisionHistoryLimit: 1 };
    expect(say(edited((object) => Object.assign(object.spec ?? {}, change)))).toBe(
      "spec.minReadySeconds, spec.paused, spec.replicas and 1 more fields were changed",
    );
  });

  it("I9: names the key of a Secret and never what is in it", () => {
    const vault = aDesiredVault();
    const live = structuredClone(secret(vault));
    live.data = { ...live.data, SIGNING_KEY: "ZXZpbA==" };
    const text = describeDifference(differenceOf("Secret", live, secret(vault)));
    expect(text).toBe("data.SIGNING_KEY was changed");
  });
});

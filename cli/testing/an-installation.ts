import { customResourceDefinition } from "../../crds/crd.ts";
import { definitions } from "../../crds/resources.ts";
import { kind, kinds } from "../../kube/kinds.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { definitionKind } from "../doctor/crds-current.ts";
import { put } from "./a-cluster.ts";
import type { FakeWorld } from "./fake-world.ts";

export const system = "polyphony-system";
const operatorLabels = { "app.kubernetes.io/name": "polyphony", "app.kubernetes.io/component": "operator" };
const labelsOf = (component: string) => ({ ...operatorLabels, "app.kubernetes.io/component": component });
const proxied = `/api/v1/namespaces/${system}/pods/polyphony-operator-0:9090/proxy`;

/** What the API server answers about an operator whose watches are of this age. */
export const operatorTexts = (watchAge: number): Record<string, string> => ({
  "/version": '{"gitVersion":"v1.36.3"}',
  [`${proxied}/healthz`]: "controllers: ok\n",
  [`${proxied}/metrics`]: `# HELP x\npolyphony_watch_age_seconds{controller="tenant",source="tenants"} ${watchAge}\n`,
});

const policy = kind<KubeObject>(
  "admissionregistration.k8s.io/v1",
  "ValidatingAdmissionPolicy",
  "validatingadmissionpolicies",
  false,
);
export const policyBinding = kind<KubeObject>(
  "admissionregistration.k8s.io/v1",
  "ValidatingAdmissionPolicyBinding",
  "validatingadmissionpolicybindings",
  false,
);
const policyNames = ["operator-fence", "protected-tenants", "reserved-slugs"].map((name) => `polyphony-${name}`);

/** The definitions, the operator with a leader to be, gateway, control API and worker, and the admission policies. */
export const putSystem = async ({ kube }: FakeWorld): Promise<void> => {
  for (const definition of definitions.map(customResourceDefinition)) await put(kube, definitionKind, definition);
  await put(kube, kinds.namespace, { metadata: { name: system } });
  const template = { spec: { containers: [{ name: "operator", image: "local/operator@sha256:0" }] } };
  for (const [name, labels] of [
    ["operator", operatorLabels],
    ["gateway", labelsOf("gateway")],
    ["control-api", labelsOf("control-api")],
    ["control-worker", labelsOf("control-worker")],
  ] as const)
    await put(kube, kinds.deployment, {
      metadata: { name: `polyphony-${name}`, namespace: system, labels },
      spec: { replicas: 2, selector: {}, template },
      status: { availableReplicas: 2 },
    });
  await put(kube, kinds.pod, {
    metadata: { name: "polyphony-operator-0", namespace: system, labels: operatorLabels },
    spec: { containers: [] },
    status: { phase: "Running" },
  });
  const labels = { "app.kubernetes.io/component": "admission" };
  for (const name of policyNames)
    for (const one of [policy, policyBinding]) await put(kube, one, { metadata: { name, labels } });
};

/** The leader renews its Lease. */
export const renew = async ({ kube, timer }: FakeWorld): Promise<void> => {
  await kube.apply(
    kinds.lease,
    {
      metadata: { name: "polyphony-operator", namespace: system },
      spec: {
        holderIdentity: "polyphony-operator-0_1",
        leaseDurationSeconds: 15,
        renewTime: timer.now().toISOString(),
      },
    },
    { fieldManager: "polyphony-operator" },
  );
};

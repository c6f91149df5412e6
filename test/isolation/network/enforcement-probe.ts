import { randomBytes } from "node:crypto";
import { kinds, type NetworkPolicy, type Pod } from "../../../kube/kinds.ts";
import type { Demo } from "../../e2e/support/demo-installation.ts";
import { eventually } from "../../harness/eventually.ts";
import { reachFrom } from "./reach.ts";

const port = 8080;

const pod = (namespace: string, name: string, image: string, source: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, labels: { role: name } },
  spec: {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name,
        image,
        imagePullPolicy: "IfNotPresent",
        command: ["node", "-e", source],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  },
});

const denyListener = (namespace: string): NetworkPolicy => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "deny", namespace },
  spec: { podSelector: { matchLabels: { role: "listener" } }, policyTypes: ["Ingress"] },
});

/**
 * Whether the cluster's network keeps to NetworkPolicies, found out with two pods of our own: one calls the other, then
 * a policy forbids it, then it calls again. `image` is any that has Node.js as `node`.
 */
export const isPolicyEnforced = async (demo: Demo, image: string): Promise<boolean> => {
  const namespace = `policy-probe-${randomBytes(3).toString("hex")}`;
  await demo.kube.create(kinds.namespace, { metadata: { name: namespace } });
  try {
    const listen = `require("net").createServer((socket) => socket.end()).listen(${String(port)})`;
    await demo.kube.create(kinds.pod, pod(namespace, "listener", image, listen));
    await demo.kube.create(kinds.pod, pod(namespace, "caller", image, "setInterval(() => {}, 1e9)"));
    const host = await eventually("the listener of the probe has an address", async () => {
      const found = await demo.kube.get(kinds.pod, { namespace, name: "listener" });
      return found.status?.podIP;
    });
    const arrives = async (): Promise<boolean> =>
      (await reachFrom(demo, namespace, "caller", [{ name: "listener", host, port }])).every(
        ({ how }) => how === "open",
      );
    await eventually("the probe's pods reach each other without a policy", arrives);
    await demo.kube.create(kinds.networkPolicy, denyListener(namespace));
    // Some networks need a moment to act on a new policy.
    return await eventually("the policy holds", async () => !(await arrives()), { withinMs: 15_000 }).catch(
      () => false,
    );
  } finally {
    await demo.kube.delete(kinds.namespace, { name: namespace });
  }
};

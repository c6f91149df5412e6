import type { PodDisruptionBudget, Service } from "../../../kube/kinds.ts";
import type { Desired } from "../desired-vault.ts";
import { ownedLabels, podSelector, publicPortName, vaultName } from "../names.ts";

/** Where the gateway finds the vault. Only the public port: health, metrics and usage are never routed. */
export const service = (vault: Desired): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: vaultName, namespace: vault.namespace, labels: ownedLabels(vault.vaultId, vault.slug) },
  spec: {
    type: "ClusterIP",
    selector: podSelector(vault.vaultId),
    ports: [{ name: publicPortName, port: vault.template.port, targetPort: publicPortName, protocol: "TCP" }],
    sessionAffinity: "None",
    internalTrafficPolicy: "Cluster",
  },
});

/** Keeps one pod up while nodes are drained; only where there are two, or nothing could ever be drained. */
export const disruptionBudget = (vault: Desired): PodDisruptionBudget[] => {
  if (vault.plan.replicas < 2) return [];
  const object: PodDisruptionBudget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: vaultName, namespace: vault.namespace, labels: ownedLabels(vault.vaultId, vault.slug) },
    spec: { maxUnavailable: 1, selector: { matchLabels: podSelector(vault.vaultId) } },
  };
  return [object];
};

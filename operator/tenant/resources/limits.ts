import type { LimitRange, ResourceQuota } from "../../../kube/kinds.ts";
import type { Desired } from "../desired-vault.ts";
import { ownedLabels, vaultName } from "../names.ts";

const metadata = (vault: Desired) => ({
  name: vaultName,
  namespace: vault.namespace,
  labels: ownedLabels(vault.vaultId, vault.slug),
});

/** What the plan lets the whole namespace use. */
export const resourceQuota = (vault: Desired): ResourceQuota => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: metadata(vault),
  spec: {
    hard: {
      "limits.cpu": vault.plan.quota.cpu,
      "limits.memory": vault.plan.quota.memory,
      pods: String(vault.plan.quota.pods),
      "services.nodeports": "0",
      "services.loadbalancers": "0",
      persistentvolumeclaims: "0",
    },
  },
});

/** Defaults for a container that names no resources, so that the quota never refuses a debug container. */
export const limitRange = (vault: Desired): LimitRange => ({
  apiVersion: "v1",
  kind: "LimitRange",
  metadata: metadata(vault),
  spec: {
    limits: [{ type: "Container", default: { ...vault.plan.limits }, defaultRequest: { ...vault.plan.requests } }],
  },
});

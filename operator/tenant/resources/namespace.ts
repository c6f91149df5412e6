import type { Namespace } from "../../../kube/kinds.ts";
import type { Desired } from "../desired-vault.ts";
import { labels, ownedLabels } from "../names.ts";

/** The vault's namespace, in which the API server enforces the pod security standard `restricted`. */
export const namespace = (vault: Desired): Namespace => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: vault.namespace,
    labels: {
      ...ownedLabels(vault.vaultId, vault.slug),
      [labels.vault]: "true",
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
    },
  },
});

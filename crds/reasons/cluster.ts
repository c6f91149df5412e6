import { action, progress, retrying } from "./reason-entry.ts";

/** Pods and objects in the cluster. */
export const clusterReasons = {
  CrashLoopBackOff: action("The vault starts and stops again.", "Read the pod's last log lines."),
  CreateContainerConfigError: retrying(
    "The container's settings are not complete.",
    "Wait for the Secret to be made again; else read the pod's Events.",
  ),
  ErrImageNeverPull: action("The image is not on the node.", "Import it, or publish it where nodes may pull it."),
  ErrImagePull: action("The image cannot be pulled.", "Check the digest, the registry and the pull secrets."),
  FailedCreate: action(
    "The cluster refuses the vault's pods.",
    "Read why in the condition: a quota, an admission policy, or pod security.",
  ),
  ImagePullBackOff: action("The image cannot be pulled.", "Check the digest, the registry and the pull secrets."),
  InvalidImageName: action("The image's name is not valid.", "Correct spec.image.repository of the VaultTemplate."),
  KubernetesBusy: progress("The Kubernetes API asks for patience.", "Wait; it is tried again when the API says."),
  KubernetesForbidden: action("The operator may not do what it has to.", "Bring its RBAC up to date with the chart."),
  KubernetesRefused: action(
    "The Kubernetes API refuses an object.",
    "Read which in the condition, and what refused it.",
  ),
  KubernetesUnauthorized: retrying(
    "The Kubernetes API does not take the operator's token.",
    "Check that the service account exists; restart the operator.",
  ),
  KubernetesUnreachable: retrying("The Kubernetes API cannot be reached.", "Check the API server and the network."),
  NamespaceForeign: action(
    "A namespace of the vault's name is not the vault's.",
    "Remove or rename it; it is never taken over.",
  ),
  ProgressDeadlineExceeded: action("A rollout does not come to an end.", "Look at the pods of the newest ReplicaSet."),
  RolloutFailed: action("The Deployment controller reports a failure.", "Read the Deployment's conditions."),
  Terminating: progress("An object of the vault is still being deleted.", "Wait; if it stays, look for finalizers."),
  UnexpectedError: retrying("The operator met an error it does not know.", "Read its log; report it if it stays."),
  Unschedulable: action("No node takes the vault's pod.", "Add room, or lower what the plan asks for."),
  WriteConflict: progress("Somebody else wrote the same object.", "Wait; it is read and tried again."),
};

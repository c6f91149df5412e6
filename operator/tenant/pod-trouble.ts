import { isReason, type Reason } from "../../crds/reasons.ts";
import { kinds, type Pod } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { labels, vaultName } from "./names.ts";

export type Trouble = { reason: Reason; message: string };

const advice: Partial<Record<Reason, string>> = {
  ImagePullBackOff: "The image cannot be pulled: check the VaultRelease's digest and that nodes may pull it.",
  ErrImagePull: "The image cannot be pulled: check the VaultRelease's digest and that nodes may pull it.",
  ErrImageNeverPull: "The image is not on the node: import it, or publish it where nodes may pull it.",
  InvalidImageName: "The image's name is not valid: check the VaultTemplate's image.repository.",
  CreateContainerConfigError:
    "The container's settings are not complete: the Secret is made again; see the pod's events.",
  CrashLoopBackOff: "The vault starts and stops again.",
};

/** The last line of what a container said when it ended, cut short; it is what people look for first. */
const lastWords = (text: string | undefined): string => {
  const line = (text ?? "").trim().split("\n").at(-1) ?? "";
  return line === "" ? "" : ` It said: ${line.slice(0, 300)}`;
};

const troubleOf = (pod: Pod): Trouble | null => {
  for (const status of pod.status?.containerStatuses ?? []) {
    const reason = status.state?.waiting?.reason ?? "";
    const hint = isReason(reason) ? advice[reason] : undefined;
    if (isReason(reason) && hint) {
      return { reason, message: `${hint}${lastWords(status.lastState?.terminated?.message)}` };
    }
  }
  const unscheduled = pod.status?.conditions?.find((one) => one.type === "PodScheduled" && one.status === "False");
  if (unscheduled) {
    return { reason: "Unschedulable", message: `No node takes the pod: ${unscheduled.message ?? "no reason given"}` };
  }
  return null;
};

/** Why the vault's pods do not come up, asked from the API server; null when nothing is wrong with them (yet). */
export const podTrouble = async (kube: Kube, namespace: string): Promise<Trouble | null> => {
  const pods = await kube.list(kinds.pod, { namespace, labelSelector: `${labels.name}=${vaultName}` });
  return pods.map(troubleOf).find((trouble) => trouble !== null) ?? null;
};

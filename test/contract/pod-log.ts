import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { folders } from "../../cluster/local/layout.ts";
import { refOf } from "../../kube/kube.ts";
import type { Pod } from "../../kube/kinds.ts";
import { podNames } from "./image-pod.ts";

export interface PodLog {
  read(): { stdout: string; stderr: string };
  close(): void;
}

/**
 * What a pod's container says, from the file that the kubelet keeps of it: `kubectl logs` mixes stdout and stderr, which
 * the contract tells apart. It stays open, so that it can be read when the pod is gone.
 */
export function openPodLog(pod: Pod): PodLog {
  const { namespace = "", name } = refOf(pod);
  const folder = `${namespace}_${name}_${pod.metadata?.uid ?? ""}`;
  const file = openSync(join(folders.podLogs, folder, podNames.container, "0.log"), "r");
  return {
    read: () => {
      const text = Buffer.alloc(fstatSync(file).size);
      readSync(file, text, 0, text.length, 0);
      return parsePodLog(text.toString("utf8"));
    },
    close: () => closeSync(file),
  };
}

/** The format of the container runtime interface: time, stream, F for a whole line and P for a part of one, text. */
function parsePodLog(text: string): { stdout: string; stderr: string } {
  const said = { stdout: "", stderr: "" };
  for (const line of text.split("\n")) {
    const [, stream, part, words = ""] = /^\S+ (stdout|stderr) ([FP])\S* ?(.*)$/.exec(line) ?? [];
    if (stream === "stdout" || stream === "stderr") said[stream] += part === "F" ? `${words}\n` : words;
  }
  return said;
}

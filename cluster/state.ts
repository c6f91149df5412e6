import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { stateFolder } from "./machine/folders.ts";

/** What this checkout remembers between commands, in `.state/`. */
export const stateFiles = {
  cluster: join(stateFolder, "cluster.json"),
  kubeconfig: join(stateFolder, "kubeconfig"),
  kubectl: join(stateFolder, "kubectl"),
  images: join(stateFolder, "images.json"),
  forwarder: join(stateFolder, "forwarder.json"),
  forwarderLog: join(stateFolder, "forwarder.log"),
  forwarderReady: join(stateFolder, "forwarder.ready"),
} as const;

const ClusterState = z.object({ kind: z.enum(["local", "kind", "current"]), context: z.string().optional() });
export type ClusterState = z.infer<typeof ClusterState>;

/** Which cluster `cluster-up` made usable last, until `cluster-down`. */
export async function readClusterState(): Promise<ClusterState | undefined> {
  const text = await readFile(stateFiles.cluster, "utf8").catch(() => "null");
  return ClusterState.nullable().parse(JSON.parse(text)) ?? undefined;
}

export const writeClusterState = (state: ClusterState) => writeState(stateFiles.cluster, JSON.stringify(state));

/** Writes a file of the state folder in one step. */
export async function writeState(file: string, text: string, mode = 0o600): Promise<void> {
  await mkdir(stateFolder, { recursive: true });
  await writeFile(`${file}.new`, text, { mode });
  await chmod(`${file}.new`, mode);
  await rename(`${file}.new`, file);
}

/** Forgets the cluster; what was built stays in the cache. */
export async function forgetCluster(): Promise<void> {
  for (const file of [stateFiles.cluster, stateFiles.kubeconfig, stateFiles.kubectl, stateFiles.images])
    await rm(file, { force: true });
}

/** A kubectl that asks this checkout's cluster unless KUBECONFIG says otherwise. */
export const kubectlWrapper = (kubectl: string): string =>
  `#!/bin/sh\n: "\${KUBECONFIG:=${stateFiles.kubeconfig}}"\nexport KUBECONFIG\nexec '${kubectl}' "$@"\n`;

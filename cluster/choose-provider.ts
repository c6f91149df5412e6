import { createCurrentProvider } from "./providers/current.ts";
import { createKindProvider } from "./providers/kind.ts";
import { createLocalProvider } from "./providers/local.ts";
import type { ClusterKind, ClusterProvider } from "./providers/provider.ts";
import { readClusterState } from "./state.ts";

const providers: Record<ClusterKind, () => ClusterProvider> = {
  local: () => createLocalProvider(),
  kind: () => createKindProvider(),
  current: () => createCurrentProvider(),
};

/** Which cluster was said: by CLUSTER, else by what is up, else the local one. An inherited KUBECONFIG says nothing. */
export function chosenKind(said: string | undefined, up: ClusterKind | undefined): ClusterKind {
  if (said === undefined || said === "") return up ?? "local";
  if (said === "local" || said === "kind" || said === "current") {
    if (up !== undefined && up !== said) {
      throw new Error(
        `This checkout uses the cluster "${up}" now, and CLUSTER says "${said}". First: CLUSTER=${up} make down`,
      );
    }
    return said;
  }
  throw new Error(`CLUSTER=${said} is not known. Say local (the default), kind or current.`);
}

/** The cluster that this checkout's commands are about. */
export async function chooseProvider(env: NodeJS.ProcessEnv = process.env): Promise<ClusterProvider> {
  return providers[chosenKind(env["CLUSTER"], (await readClusterState())?.kind)]();
}

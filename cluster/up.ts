import { chooseProvider } from "./choose-provider.ts";
import { ensureTools } from "./ensure-tools.ts";
import { runMain } from "./machine/run-main.ts";
import { createProgress, type Progress } from "./machine/progress.ts";
import type { ClusterProvider } from "./providers/provider.ts";
import { kubectlWrapper, stateFiles, writeClusterState, writeState } from "./state.ts";

/** Makes this checkout's cluster usable: kubeconfig and kubectl are then in `.state/`. A cluster that is up stays as it is. */
export async function clusterUp(
  progress: Progress = createProgress(),
  chosen?: ClusterProvider,
): Promise<ClusterProvider> {
  const provider = chosen ?? (await chooseProvider());
  const kubeconfig = await provider.up(progress);
  await writeState(stateFiles.kubeconfig, kubeconfig);
  const kubectl = (await ensureTools(["kubectl"], progress))("kubectl");
  await writeState(stateFiles.kubectl, kubectlWrapper(kubectl), 0o755);
  await writeClusterState({ kind: provider.kind });
  return provider;
}

if (import.meta.main) {
  await runMain(async () => {
    await clusterUp();
  });
}

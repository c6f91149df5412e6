import { parseArgs } from "node:util";
import { chooseProvider } from "./choose-provider.ts";
import { createProgress, type Progress } from "./machine/progress.ts";
import { runMain } from "./machine/run-main.ts";
import { forgetCluster } from "./state.ts";

/** Stops this checkout's cluster and removes everything of it. With `force`, also one that a checkout holds which is gone. */
export async function clusterDown(progress: Progress = createProgress(), force = false): Promise<void> {
  const provider = await chooseProvider();
  await provider.down(progress, { force });
  await forgetCluster();
  progress.step("the cluster is down");
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { force: { type: "boolean", default: false } } });
  await runMain(() => clusterDown(createProgress(), values.force));
}

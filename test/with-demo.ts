import { spawnSync } from "node:child_process";
import { readClusterState } from "../cluster/state.ts";

const node = (root: string, args: string[]) => spawnSync("node", args, { cwd: root, stdio: "inherit" }).status;

/**
 * Runs `work` against the demo installation. One that runs already is brought up to date and left running; one that
 * was started for this is stopped again, also when the work fails.
 * @throws Error when the demo does not come up.
 */
export const withDemo = async <T>(root: string, work: () => T | Promise<T>): Promise<T> => {
  const ranBefore = (await readClusterState()) !== undefined;
  const stop = () => {
    if (!ranBefore) node(root, ["cluster/down.ts"]);
  };
  if (node(root, ["demo/demo.ts"]) !== 0) {
    stop();
    throw new Error("The demo installation did not come up; its own messages stand above.");
  }
  try {
    return await work();
  } finally {
    stop();
  }
};

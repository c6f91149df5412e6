import { rm } from "node:fs/promises";
import { cacheFolder, stateFolder } from "./machine/folders.ts";
import { readHolder, anythingRuns } from "./local/holder.ts";
import { runMain } from "./machine/run-main.ts";
import { readClusterState } from "./state.ts";

// Removes what was built for this machine (tools and images) and what this checkout remembers. The next start builds them again.
if (import.meta.main) {
  await runMain(async () => {
    const usesTools = (await readHolder()) !== undefined && (await anythingRuns());
    if (usesTools || (await readClusterState()))
      throw new Error("The cluster is up and runs on what would be removed. First: make down");
    await rm(cacheFolder(), { recursive: true, force: true });
    await rm(stateFolder, { recursive: true, force: true });
    process.stderr.write(`removed ${cacheFolder()} and ${stateFolder}\n`);
  });
}

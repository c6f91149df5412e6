import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, readRecord, stopRecorded } from "../machine/process-record.ts";
import type { Progress } from "../machine/progress.ts";
import { processesOfCluster, removeCgroups } from "./cgroups.ts";
import { readHolder, removeMadeFolders } from "./holder.ts";
import { folders, recordFile } from "./layout.ts";
import { mountsOfCluster, unmountAll } from "./mounts.ts";
import { removeNetwork } from "./network.ts";
import { partNames } from "./parts.ts";

/** Ends the cluster and everything in it, and leaves the machine as it was: works on half a cluster or none just as well. */
export async function stopCluster(progress: Progress): Promise<void> {
  const holder = await readHolder();
  const processes = await everyProcess();
  progress.step("stopping the cluster's programs");
  // The kubelet first, so that it does not start again what goes away; containerd last, so that nobody waits for it.
  await stopRecorded(recordFile("kubelet"), 3000);
  const others = partNames.filter((name) => name !== "kubelet" && name !== "containerd");
  await Promise.all(others.map((name) => stopRecorded(recordFile(name), 3000)));
  await stopRecorded(recordFile("containerd"), 3000);
  progress.step("ending what ran in pods; removing mounts, network and data");
  await removeCgroups();
  await unmountAll();
  await removeNetwork();
  const mounts = await mountsOfCluster();
  if (mounts.length > 0) {
    throw new Error(
      `these could not be unmounted, so nothing was deleted:\n  ${mounts.join("\n  ")}\nFind out who uses them: fuser -vm ${mounts[0]}`,
    );
  }
  await removeMadeFolders(holder);
  await untilBuried(processes);
  await rm(folders.run, { recursive: true, force: true });
  await rm(folders.machine, { recursive: true, force: true });
}

async function everyProcess(): Promise<number[]> {
  const records = await Promise.all(partNames.map((name) => readRecord(recordFile(name))));
  const recorded = records
    .filter((record) => record !== undefined && isAlive(record))
    .map((record) => record?.pid ?? 0);
  return [...new Set([...recorded, ...(await processesOfCluster())])];
}

/** The machine's init buries what has ended when it gets to it; until then it would still be in a list of processes. */
async function untilBuried(pids: readonly number[]): Promise<void> {
  const end = performance.now() + 5000;
  while (pids.some((pid) => existsSync(`/proc/${pid}`)) && performance.now() < end) await sleep(50);
}

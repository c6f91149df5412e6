import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { ensureTools } from "../ensure-tools.ts";
import { withFileLock } from "../machine/file-lock.ts";
import { checkoutFolder } from "../machine/folders.ts";
import type { Progress } from "../machine/progress.ts";
import { memoryOfCluster } from "../local/cgroups.ts";
import { importImage } from "../local/containerd-images.ts";
import { anythingRuns, heldMessage, readHolder, runningParts, takeMachine } from "../local/holder.ts";
import { adminKubeconfig, apiUrl, folders, layout, logFile } from "../local/layout.ts";
import { partNames, type PartName } from "../local/parts.ts";
import { startCluster } from "../local/start-cluster.ts";
import { stopCluster } from "../local/stop-cluster.ts";
import type { ClusterProvider } from "./provider.ts";

/** A Kubernetes of one node on this machine, made of pinned Go modules: for people without Docker. */
export function createLocalProvider(checkout: string = checkoutFolder): ClusterProvider {
  return {
    kind: "local",
    clusterAddressesAnswer: true,
    async up(progress) {
      requireRoot();
      await refuseIfHeld(checkout);
      const tools = await ensureTools(["node"], progress);
      return locked(progress, async () => {
        await refuseIfHeld(checkout);
        await cleanLeftovers(checkout, progress);
        await takeMachine(checkout, new Date());
        const started = await startCluster(tools, progress);
        progress.step(started > 0 ? "the cluster is up" : "the cluster was up already");
        return readFile(adminKubeconfig, "utf8");
      });
    },
    async down(progress, { force }) {
      requireRoot();
      await locked(progress, async () => {
        if (!force) await refuseIfHeld(checkout);
        await stopCluster(progress);
      });
    },
    status: () => status(checkout),
    logs,
    async loadImage(archive, { name, digest }) {
      const tools = await ensureTools(["ctr"]);
      return importImage(tools("ctr"), archive, name, digest);
    },
  };
}

const locked = <T>(progress: Progress, work: () => Promise<T>): Promise<T> =>
  withFileLock(layout.lockFile, work, () =>
    progress.step("waiting: another command is starting or stopping the cluster"),
  );

function requireRoot(): void {
  if (process.platform !== "linux") {
    throw new Error(
      "The local cluster needs Linux. With Docker, say CLUSTER=kind; with a cluster of your own, CLUSTER=current.",
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Error(
      "The local cluster needs root (it makes cgroups, mounts and a bridge). Run this with sudo, or say CLUSTER=kind.",
    );
  }
}

async function refuseIfHeld(checkout: string): Promise<void> {
  const holder = await readHolder();
  if (holder && holder.checkout !== checkout && (await anythingRuns())) throw new Error(heldMessage(holder));
}

/** Another checkout's cluster whose processes are gone, or one without any record, is taken over: what it left is removed first. */
async function cleanLeftovers(checkout: string, progress: Progress): Promise<void> {
  const holder = await readHolder();
  if (holder?.checkout === checkout) return;
  const left = existsSync(folders.machine) || existsSync(`/sys/class/net/${layout.bridge}`);
  if (!left) return;
  progress.step(
    holder
      ? `taking over from ${holder.checkout}, whose cluster no longer runs`
      : "removing what an older cluster left",
  );
  await stopCluster(progress);
}

async function status(checkout: string): Promise<string[]> {
  const holder = await readHolder();
  if (!holder) return ["local cluster: not running. Start it with: make cluster-up"];
  if (holder.checkout !== checkout && (await anythingRuns())) return heldMessage(holder).split("\n");
  const running = await runningParts();
  const lines = partNames.map((name) => `  ${running.includes(name) ? "runs" : "GONE"}  ${name}`);
  const missing = partNames.length - running.length;
  const memory = await memoryOfCluster();
  const mib = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;
  return [
    `local cluster of ${holder.checkout}, since ${holder.since}: ${apiUrl}`,
    ...lines,
    ...(memory ? [`memory: ${mib(memory.parts)} for the cluster, ${mib(memory.pods)} for its pods`] : []),
    ...(missing > 0 ? [`${missing} of ${partNames.length} parts are gone. Bring them back with: make cluster-up`] : []),
  ];
}

async function logs(part: string | undefined, { follow, lines }: { follow: boolean; lines: number }): Promise<void> {
  if (part !== undefined && !partNames.includes(part as PartName)) {
    throw new Error(`the cluster has no part "${part}". Its parts are: ${partNames.join(", ")}`);
  }
  const files = (part === undefined ? partNames : [part]).map(logFile).filter((file) => existsSync(file));
  if (files.length === 0) throw new Error("there are no logs: the cluster was not started");
  const tail = spawn("tail", ["-n", String(lines), ...(follow ? ["-F"] : []), ...files], { stdio: "inherit" });
  await new Promise((resolve) => tail.once("close", resolve));
}

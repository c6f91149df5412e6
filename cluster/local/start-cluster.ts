import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tools } from "../ensure-tools.ts";
import { packProgram } from "../images/oci-archive.ts";
import {
  isAlive,
  readRecord,
  startRecorded,
  stopRecorded,
  wantedFingerprint,
  type RecordedProcess,
} from "../machine/process-record.ts";
import type { Progress } from "../machine/progress.ts";
import { lastLines, runCommand, tryCommand } from "../machine/run-command.ts";
import { ensureCgroups } from "./cgroups.ts";
import { importImage } from "./containerd-images.ts";
import { ensureKeys } from "./keys.ts";
import { adminKubeconfig, configFile, folders, layout, logFile, recordFile } from "./layout.ts";
import { ensureNetwork } from "./network.ts";
import { clusterParts, partNames, type ClusterPart, type PartName } from "./parts.ts";
import {
  addons,
  cniConfig,
  containerdConfig,
  corefile,
  folderOf,
  kubeletConfig,
  kubeProxyConfig,
  machineHasNameServer,
} from "./settings.ts";

const seconds = 90;

/** Brings up every part that does not run (or runs with old settings) and waits until pods can run. Returns how many it started. */
export async function startCluster(tools: Tools, progress: Progress): Promise<number> {
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o755 });
  await ensureKeys(tools("openssl"));
  const cgroupProcs = await ensureCgroups();
  await ensureNetwork(tools("ip"), tools("nft"));
  const pause = await writeSettings(tools);

  const parts = clusterParts(tools);
  let started = 0;
  const start = async (names: readonly PartName[]) => {
    for (const name of names) if (await ensureRunning(parts[name], cgroupProcs, progress)) started += 1;
  };
  const first = ["etcd", "kube-apiserver", "containerd"] as const;
  await start(first);
  for (const name of first) await waitForPart(parts[name]);
  await importImage(tools("ctr"), pause.archive, "pause", pause.digest);
  const kubectl = (args: string[], input?: string) =>
    runCommand(tools("kubectl"), [`--kubeconfig=${adminKubeconfig}`, ...args], input === undefined ? {} : { input });
  await start(partNames);
  await kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], addons());
  if (started > 0) progress.step("the API server answers; waiting for the node");
  for (const name of partNames) await waitForPart(parts[name]);
  await waitForNode(tools("kubectl"), parts);
  return started;
}

/** Writes every configuration file; packs the image that pods' sandboxes are made of. */
async function writeSettings(tools: Tools): Promise<{ archive: string; digest: string }> {
  const archive = configFile("pause.tar");
  const digest = await packProgram(tools("pause"), archive);
  const snapshotter = (await overlayWorks()) ? "overlayfs" : "native";
  const pause = `docker.io/local/pause@${digest}`;
  const containerd = { bin: folderOf(tools("containerd")), runc: tools("runc"), snapshotter, pause };
  await mkdir(join(folders.config, "cni"), { recursive: true });
  const files: Record<string, string> = {
    "containerd.toml": containerdConfig(containerd),
    "cni/10-polyphony.conflist": cniConfig(),
    "kubelet.json": kubeletConfig(),
    "kube-proxy.json": kubeProxyConfig(),
    Corefile: corefile(await machineHasNameServer()),
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(configFile(`${name}.new`), text);
    await rename(configFile(`${name}.new`), configFile(name));
  }
  return { archive, digest };
}

/** Tries what containerd's overlayfs snapshotter needs: some file systems (another overlay, for one) cannot be stacked. */
async function overlayWorks(): Promise<boolean> {
  const trial = await mkdtemp(join(folders.machine, "overlay-trial-"));
  try {
    for (const name of ["lower", "upper", "work", "merged"]) await mkdir(join(trial, name));
    const options = `lowerdir=${trial}/lower,upperdir=${trial}/upper,workdir=${trial}/work`;
    const mounted = await tryCommand("mount", ["-t", "overlay", "overlay", "-o", options, join(trial, "merged")]);
    if (mounted.code === 0) await tryCommand("umount", [join(trial, "merged")]);
    return mounted.code === 0;
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}

/** Starts a part unless it runs as it should. True when it was started. */
async function ensureRunning(part: ClusterPart, cgroupProcs: string, progress: Progress): Promise<boolean> {
  const wanted: RecordedProcess = {
    program: part.program,
    args: part.args,
    dependsOn: await Promise.all(part.configs.map((file) => readFile(file, "utf8"))),
    logFile: logFile(part.name),
    recordFile: recordFile(part.name),
    cgroupProcs,
    ...(part.env ? { env: part.env } : {}),
  };
  const record = await readRecord(wanted.recordFile);
  if (record && isAlive(record)) {
    if (record.fingerprint === wantedFingerprint(wanted)) return false;
    progress.step(`restarting ${part.name}: its settings have changed`);
    await stopRecorded(wanted.recordFile);
  } else {
    progress.step(record ? `starting ${part.name} again: its process is gone` : `starting ${part.name}`);
  }
  await keepLogSmall(wanted.logFile);
  await startRecorded(wanted);
  return true;
}

async function keepLogSmall(file: string): Promise<void> {
  if (existsSync(file) && (await stat(file)).size > 20_000_000) {
    await copyFile(file, `${file}.old`);
    await rm(file);
  }
}

/** Waits until a part does its work; when it ends or takes too long, says why in its own words. */
async function waitForPart(part: ClusterPart): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let problem = "it does not answer";
  while (performance.now() < end) {
    const ready = await part.ready().catch((error: unknown) => {
      problem = error instanceof Error ? error.message : String(error);
      return false;
    });
    if (ready) return;
    const record = await readRecord(recordFile(part.name));
    if (!record || !isAlive(record)) throw new Error(await failure(part.name, "did not start"));
    await sleep(100);
  }
  throw new Error(await failure(part.name, `was not ready after ${seconds} s (${problem})`));
}

async function failure(name: PartName, what: string): Promise<string> {
  const said = await readFile(logFile(name), "utf8").catch(() => "");
  return `${name} ${what}; its last lines are\n${lastLines(said, 12)}\nMore: ${logFile(name)}. To begin afresh: make down`;
}

async function waitForNode(kubectl: string, parts: Record<PartName, ClusterPart>): Promise<void> {
  const path = "{range .status.conditions[?(@.type=='Ready')]}{.status} {.message}{end}";
  const ask = [`--kubeconfig=${adminKubeconfig}`, "get", "node", layout.node, "-o", `jsonpath=${path}`];
  const end = performance.now() + seconds * 1000;
  let said = "";
  while (performance.now() < end) {
    const result = await tryCommand(kubectl, ask);
    said = result.code === 0 ? result.stdout : result.stderr;
    if (said.startsWith("True")) return;
    for (const name of ["kubelet", "containerd"] as const) {
      const record = await readRecord(recordFile(name));
      if (!record || !isAlive(record)) throw new Error(await failure(parts[name].name, "ended"));
    }
    await sleep(200);
  }
  throw new Error(`the node was not ready after ${seconds} s: ${said.trim()}\n${await failure("kubelet", "says")}`);
}

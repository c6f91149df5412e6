import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { isAlive, readRecord } from "../machine/process-record.ts";
import { processesOfCluster } from "./cgroups.ts";
import { folders, holderFile, recordFile } from "./layout.ts";
import { partNames, type PartName } from "./parts.ts";

/** Which checkout has the machine's one cluster, and what it found when it came. */
const Holder = z.object({
  checkout: z.string(),
  since: z.string(),
  /** Folders outside of ours that the cluster's programs make and that were not there before. */
  madeFolders: z.array(z.string()),
});
export type Holder = z.infer<typeof Holder>;

/** containerd, its network plugins and the kubelet write here, whatever they are told. */
const foreignFolders = [
  "/run/containerd",
  "/var/lib/cni",
  "/var/log/containers",
  "/var/log/pods",
  "/var/lib/kubelet",
  "/opt/cni",
];

/** The machine's holder, or undefined when nobody has it. */
export async function readHolder(): Promise<Holder | undefined> {
  const text = await readFile(holderFile, "utf8").catch(() => "null");
  try {
    return Holder.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Makes `checkout` the holder; one that is holder already stays it with what it found at first. */
export async function takeMachine(checkout: string, now: Date): Promise<void> {
  const held = await readHolder();
  if (held?.checkout === checkout) return;
  const madeFolders = foreignFolders.filter((folder) => !existsSync(folder));
  await mkdir(folders.machine, { recursive: true, mode: 0o711 });
  await writeFile(`${holderFile}.new`, JSON.stringify({ checkout, since: now.toISOString(), madeFolders }));
  await rename(`${holderFile}.new`, holderFile);
}

/** Removes what the cluster's programs made outside of our folders. */
export async function removeMadeFolders(holder: Holder | undefined): Promise<void> {
  for (const folder of holder?.madeFolders ?? []) {
    if (foreignFolders.includes(folder)) await rm(folder, { recursive: true, force: true });
  }
}

/** The parts whose recorded process runs. */
export async function runningParts(): Promise<PartName[]> {
  const running: PartName[] = [];
  for (const name of partNames) {
    const record = await readRecord(recordFile(name));
    if (record && isAlive(record)) running.push(name);
  }
  return running;
}

/** Whether anything of a cluster still runs: a part, or a container that outlived them. */
export const anythingRuns = async (): Promise<boolean> =>
  (await runningParts()).length > 0 || (await processesOfCluster()).length > 0;

/** What a second checkout is told. */
export const heldMessage = (holder: Holder): string =>
  [
    `This machine's cluster belongs to another checkout: ${holder.checkout} (since ${holder.since}).`,
    `Stop it there first: make -C ${holder.checkout} down`,
    `Is that checkout gone? Then from here: node cluster/down.ts --force`,
  ].join("\n");

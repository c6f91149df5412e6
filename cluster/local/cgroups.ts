import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signal } from "../machine/process-record.ts";
import { parseMounts } from "./mounts.ts";
import { layout } from "./layout.ts";

/** The hierarchies that count and limit: one with cgroup v2, one per controller with v1. */
async function hierarchies(): Promise<string[]> {
  const { v1, v2 } = await cgroupMounts();
  return v1.length > 0 ? v1 : v2;
}

/** Where cgroups are mounted. With v1 there may be an unused v2 beside it, in which runc makes folders all the same. */
async function cgroupMounts(): Promise<{ v1: string[]; v2: string[] }> {
  const mounts = parseMounts(await readFile("/proc/self/mountinfo", "utf8"));
  const of = (type: string) => [
    ...new Set(
      mounts.filter((mount) => mount.type === type && mount.at.startsWith("/sys/fs/cgroup")).map((mount) => mount.at),
    ),
  ];
  return { v1: of("cgroup"), v2: of("cgroup2") };
}

/** Makes our cgroup everywhere; returns the cgroup.procs file that the cluster's own processes join. */
export async function ensureCgroups(): Promise<string> {
  const roots = await hierarchies();
  for (const root of roots) {
    const ours = join(root, layout.cgroup);
    await mkdir(join(ours, "system"), { recursive: true });
    // A new cpuset has no CPUs and no memory until it is told which; nothing can run in it before.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      if (!existsSync(join(root, file)) || !existsSync(join(ours, file))) continue;
      const value = await readFile(join(root, file), "utf8");
      for (const folder of [ours, join(ours, "system")]) {
        if ((await readFile(join(folder, file), "utf8")).trim() === "") await writeFile(join(folder, file), value);
      }
    }
  }
  const home = roots.find((root) => root.endsWith("/memory")) ?? roots[0];
  if (!home) throw new Error("this machine has no cgroups under /sys/fs/cgroup; a kubelet cannot run without them");
  return join(home, layout.cgroup, "system", "cgroup.procs");
}

/** The processes in our cgroups: the cluster's parts, their children (such as containerd's shims), and every container. */
export async function processesOfCluster(): Promise<number[]> {
  const pids = new Set<number>();
  for (const folder of await ourFolders()) {
    const text = await readFile(join(folder, "cgroup.procs"), "utf8").catch(() => "");
    for (const pid of text.split("\n").map(Number)) if (pid > 1 && pid !== process.pid) pids.add(pid);
  }
  return [...pids];
}

/** Resident memory of the whole cluster in bytes: its parts, and its pods. Undefined where the kernel does not count it. */
export async function memoryOfCluster(): Promise<{ parts: number; pods: number } | undefined> {
  const roots = await hierarchies();
  const home = roots.find((root) => root.endsWith("/memory")) ?? roots[0];
  if (!home) return undefined;
  const rss = async (group: string) => {
    const stat = await readFile(join(home, layout.cgroup, group, "memory.stat"), "utf8").catch(() => "");
    return Number(/^(?:total_rss|anon) (\d+)$/m.exec(stat)?.[1] ?? 0);
  };
  return { parts: await rss("system"), pods: await rss("kubepods") };
}

/** Ends every process in our cgroups and removes them. */
export async function removeCgroups(): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const pids = await processesOfCluster();
    if (pids.length === 0) break;
    for (const pid of pids) signal(pid, "SIGKILL");
    await sleep(50);
  }
  for (const folder of (await ourFolders()).reverse()) {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const gone = await rmdir(folder).then(
        () => true,
        (error: unknown) => (error as NodeJS.ErrnoException).code === "ENOENT",
      );
      if (gone) break;
      await sleep(50);
    }
  }
}

/** Our folders in every hierarchy, parents before children. */
async function ourFolders(): Promise<string[]> {
  const found: string[] = [];
  const walk = (folder: string) => {
    found.push(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) walk(join(folder, entry.name));
    }
  };
  const { v1, v2 } = await cgroupMounts();
  for (const root of [...v1, ...v2]) {
    const ours = join(root, layout.cgroup);
    if (existsSync(ours)) walk(ours);
  }
  return found;
}

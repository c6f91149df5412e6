import { readFile } from "node:fs/promises";
import { tryCommand } from "../machine/run-command.ts";
import { folders } from "./layout.ts";

export interface Mount {
  at: string;
  type: string;
}

/** Reads the text of /proc/<pid>/mountinfo; spaces and the like are written there in octal. */
export function parseMounts(mountinfo: string): Mount[] {
  return mountinfo
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [left = "", right = ""] = line.split(" - ");
      const at = (left.split(" ")[4] ?? "").replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(parseInt(octal, 8)),
      );
      return { at, type: right.split(" ")[0] ?? "" };
    });
}

/** Where something is mounted in one of our folders, the deepest first. */
export async function mountsOfCluster(): Promise<string[]> {
  const mounts = parseMounts(await readFile("/proc/self/mountinfo", "utf8"));
  const ours = [folders.machine, folders.run].map((folder) => `${folder}/`);
  return mounts
    .map((mount) => mount.at)
    .filter((at) => ours.some((folder) => at.startsWith(folder)))
    .reverse();
}

/** Unmounts all of them, also when something still looks into one. */
export async function unmountAll(): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const mounts = await mountsOfCluster();
    if (mounts.length === 0) return;
    for (const at of mounts) await tryCommand("umount", ["--lazy", "--no-canonicalize", at]);
  }
}

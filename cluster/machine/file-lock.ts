import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Runs `work` while holding the kernel's lock on a file, so that two of our commands do not do the same work at once.
 * The lock dies with this process, however it ends. `onWait` is called when somebody else holds it at first.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const held = (await hold(file, true)) ?? (onWait?.(), await hold(file, false));
  if (!held) throw new Error(`cannot lock ${file}`);
  try {
    return await work();
  } finally {
    held();
  }
}

/** The holder is a `cat` on a pipe of ours: when this process goes, the pipe closes, `cat` ends, the lock is free. */
function hold(file: string, now: boolean): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const args = [...(now ? ["--nonblock"] : []), file, "sh", "-c", "echo held; exec cat >/dev/null"];
    const child = spawn("flock", args, { stdio: ["pipe", "pipe", "inherit"] });
    child.on("error", (error) => reject(new Error(`cannot run flock (package util-linux): ${error.message}`)));
    child.on("exit", () => resolve(undefined));
    child.stdin.on("error", () => undefined);
    child.stdout.once("data", () => {
      child.unref();
      resolve(() => child.stdin.end());
    });
  });
}

import { mkdirSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { sleep, type Timer } from "../../kube/clock.ts";

/** Whoever held it longer has died with it. */
const staleMs = 20_000;
const tryEveryMs = 100;

const isStale = (folder: string): boolean => {
  try {
    return Date.now() - statSync(folder).mtimeMs > staleMs;
  } catch {
    return false;
  }
};

/** Runs `work` while no other process on this machine runs it for the same file. */
export const withLock = async <T>(file: string, timer: Timer, work: () => Promise<T>): Promise<T> => {
  const folder = `${file}.lock`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (isStale(folder)) rmSync(folder, { recursive: true, force: true });
      else await sleep(timer, tryEveryMs);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

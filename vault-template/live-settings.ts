import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { parseSettings, type Settings } from "./config.ts";
import type { Log } from "./log.ts";

/** What may change while the vault runs, and the way to look for it. */
export interface LiveSettings {
  now(): Settings;
  /** Reads anew what the platform says. Asked by the readiness probe: the vault keeps no timer of its own. */
  refresh(): Promise<void>;
}

const names = ["VAULT_NAME", "OWNER_EMAIL", "OWNER_NAME", "ACCESS", "ACCESS_REASON"] as const;

/**
 * Settings from files named as the variables, in a folder that the platform keeps current (SETTINGS_DIR); `start` holds
 * until they can be read, and again where one is missing or does not fit.
 *
 * Kubernetes replaces all files of a mounted Secret at once by pointing the link `..data` at a new folder: reading
 * below what it points at never sees the half of a change, and an unchanged link means that there is nothing to read.
 */
export function liveSettings(start: Settings, folder: string | null, log: Log): LiveSettings {
  let current = start;
  let seen: string | null = null;

  const read = async (from: string): Promise<void> => {
    const texts = await Promise.all(names.map((name) => readFile(join(from, name), "utf8").catch(() => undefined)));
    const found = Object.fromEntries(names.map((name, index) => [name, texts[index]]));
    const { settings, wrong } = parseSettings(found, start);
    if (wrong.length > 0) log.warn("settings that do not fit are left as they were at the start", { names: wrong });
    if (JSON.stringify(settings) !== JSON.stringify(current)) log.info("the settings have changed");
    current = settings;
  };

  return {
    now: () => current,
    refresh: async () => {
      if (folder === null) return;
      const target = await readlink(join(folder, "..data")).catch(() => null);
      if (target !== null && target === seen) return;
      await read(target === null ? folder : join(folder, target));
      seen = target;
    },
  };
}

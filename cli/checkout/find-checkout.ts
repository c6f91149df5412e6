import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const isCheckout = (folder: string): boolean => {
  const file = join(folder, "package.json");
  if (!existsSync(file) || !existsSync(join(folder, "cluster", "env.ts"))) return false;
  return (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "polyphony";
};

/** The checkout of Polyphony that a folder is in; undefined outside of one. */
export const findCheckout = (folder: string): string | undefined => {
  if (isCheckout(folder)) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : findCheckout(parent);
};

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getAsset, isSea } from "node:sea";

/** The asset in which the single executable carries the runbooks, as `{ "<Reason>": "<Markdown>" }`. */
export const runbooksAsset = "runbooks.json";

/** The runbook of a reason in Markdown; undefined for a reason without one. */
export const runbookOf = (reason: string): string | undefined => {
  if (isSea()) return (JSON.parse(getAsset(runbooksAsset, "utf8")) as Record<string, string>)[reason];
  try {
    return readFileSync(join(import.meta.dirname, "..", "docs", "runbooks", `${reason}.md`), "utf8");
  } catch {
    return undefined;
  }
};

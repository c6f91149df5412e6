import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";

/** Generates everything again and says which files came out different from what is committed or staged. */
const root = join(import.meta.dirname, "..");
const digest = () => execFileSync("git", ["diff", "--stat"], { cwd: root, encoding: "utf8" });

const before = digest();
const { status } = spawnSync("npm", ["run", "--silent", "generate"], { cwd: root, stdio: "inherit" });
const after = digest();
if (status !== 0) process.exit(status ?? 1);
if (before !== after) {
  console.error("Generated files are not current. They have been made again; look at them and commit:");
  console.error(after);
  process.exit(1);
}

import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import type { Progress } from "../machine/progress.ts";
import { lastLines, tryCommand, type CommandResult } from "../machine/run-command.ts";

/** Folders that are not in every person's PATH but hold system programs. */
const systemFolders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/** The program's absolute path, or undefined when it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean), ...systemFolders];
  const candidates = isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name));
  for (const candidate of candidates) {
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return undefined;
}

/** Installs the packages that are missing, with apt-get. Says what to run by hand when it may not or cannot. */
export async function installPackages(packages: readonly string[], progress: Progress): Promise<void> {
  const list = packages.join(" ");
  const byHand = `Install by hand: apt-get update && apt-get install ${list}`;
  if (!(await findProgram("apt-get"))) throw new Error(`This needs ${list}, and there is no apt-get here. ${byHand}`);
  if (process.getuid?.() !== 0) throw new Error(`This needs ${list}, and only root may install it. ${byHand}`);
  progress.step(`installing ${list} from Debian`);
  let last: CommandResult | undefined;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    if (attempt > 1) progress.step(`apt-get failed, trying again (${attempt} of 3)`);
    await apt(["update", "-qq"]);
    last = await apt(["install", "-y", "-qq", "--no-install-recommends", ...packages]);
    if (last.code === 0) return;
  }
  throw new Error(`apt-get could not install ${list}:\n${lastLines(last?.stderr ?? "", 8)}\n${byHand}`);
}

/** Waits for another apt-get instead of failing, and starts no service of a new package. */
const apt = (args: string[]) =>
  tryCommand("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
  });

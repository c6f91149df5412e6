import { join } from "node:path";
import { withFileLock } from "./machine/file-lock.ts";
import { cacheFolder, checkoutFolder } from "./machine/folders.ts";
import { createProgress, type Progress } from "./machine/progress.ts";
import { builtTools, debianTools, toolGroups, type BuiltTool } from "./tools/catalog.ts";
import { findProgram, installPackages } from "./tools/debian-packages.ts";
import { buildTools, moduleHash } from "./tools/go-build.ts";

/** Absolute paths of tools by name. */
export type Tools = (name: string) => string;

/** The folder in the cache that holds a module's programs; its name changes when the module does. */
async function binFolder(module: BuiltTool["module"]): Promise<string> {
  const flags = builtTools.filter((tool) => tool.module === module).map((tool) => `${tool.package} ${tool.ldflags}`);
  const hash = await moduleHash(sourceFolder(module), flags);
  return join(cacheFolder(), "tools", `${module}-${hash}`);
}

const sourceFolder = (module: BuiltTool["module"]) => join(checkoutFolder, "cluster", "tools", module);

/**
 * Makes sure that tools are there, and says where. `names` are tools ("helm", "kubectl", "buildah") or groups
 * ("control-plane", "node", "images", "postgres", "browser", "all"). Debian packages are installed, Go modules built; what is there already
 * costs a few milliseconds. Throws an error that says what to do when something cannot be had.
 */
export async function ensureTools(names: readonly string[], progress: Progress = createProgress()): Promise<Tools> {
  const wanted = [...new Set(names.flatMap(expand))];
  const paths = new Map<string, string>();
  await installMissing(
    wanted.filter((name) => name in debianTools),
    paths,
    progress,
  );
  for (const module of ["kubernetes", "containerd", "extras", "peers"] as const) {
    const tools = builtTools.filter(
      (tool) => tool.module === module && answersTo(tool).some((name) => wanted.includes(name)),
    );
    if (tools.length === 0) continue;
    const bin = await binFolder(module);
    await buildTools(tools, { source: sourceFolder(module), bin, progress });
    for (const name of tools.flatMap(answersTo)) paths.set(name, join(bin, name));
  }
  return (name) => {
    const path = paths.get(name);
    if (!path) throw new Error(`the tool ${name} was not asked for with ensureTools`);
    return path;
  };
}

const answersTo = (tool: BuiltTool): string[] => [tool.file, ...(tool.links ?? [])];

function expand(name: string): readonly string[] {
  if (name === "all") return [...Object.keys(debianTools), ...builtTools.map((tool) => tool.file)];
  const group = toolGroups[name];
  if (group) return group;
  if (name in debianTools || builtTools.some((tool) => answersTo(tool).includes(name))) return [name];
  const known = [...Object.keys(toolGroups), "all", ...builtTools.flatMap(answersTo), ...Object.keys(debianTools)];
  throw new Error(`there is no tool "${name}". Known are: ${known.join(", ")}`);
}

async function installMissing(names: string[], paths: Map<string, string>, progress: Progress): Promise<void> {
  const look = async () => {
    for (const name of names) {
      const found = await findProgram(name);
      if (found) paths.set(name, found);
    }
    return names.filter((name) => !paths.has(name));
  };
  if ((await look()).length === 0) return;
  // apt-get waits for another one only while it installs: an update beside it fails at once.
  await withFileLock(
    join(cacheFolder(), "packages.lock"),
    async () => {
      const missing = await look();
      if (missing.length === 0) return;
      await installPackages([...new Set(missing.map((name) => debianTools[name] ?? name))], progress);
      const still = await look();
      if (still.length > 0) throw new Error(`installed the packages, but ${still.join(", ")} is still not there`);
    },
    () => progress.step("waiting: another command is installing packages"),
  );
}

if (import.meta.main) {
  const names = process.argv.slice(2);
  try {
    const tools = await ensureTools(names.length > 0 ? names : ["all"]);
    for (const name of names) if (!(name in toolGroups) && name !== "all") process.stdout.write(`${tools(name)}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { withFileLock } from "../machine/file-lock.ts";
import type { Progress } from "../machine/progress.ts";
import { lastLines, tryCommand } from "../machine/run-command.ts";
import { findProgram } from "./debian-packages.ts";
import type { BuiltTool } from "./catalog.ts";

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** A hash over everything that decides what a module's programs are: go.mod, go.sum, sources, and the machine's kind. */
export async function moduleHash(folder: string, flags: readonly string[]): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const sources = names.filter((name) => /(\.go|go\.mod|go\.sum)$/.test(name)).sort();
  const hash = createHash("sha256").update(`${process.platform}/${process.arch}\n${flags.join("\n")}\n`);
  for (const name of sources) hash.update(`${name}\n`).update(await readFile(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}

/**
 * Builds the tools of one module that are not in `bin` yet. Each is built beside its place and renamed into it, so that an
 * interrupted build leaves nothing that looks finished; a lock keeps two builds from doing the same work.
 */
export async function buildTools(
  tools: readonly BuiltTool[],
  { source, bin, progress }: { source: string; bin: string; progress: Progress },
): Promise<void> {
  const missing = await missingTools(tools, bin);
  if (missing.length === 0) return;
  const module = missing[0]?.module ?? "";
  await withFileLock(
    `${bin}.lock`,
    async () => {
      const left = await missingTools(missing, bin);
      if (left.length === 0) return;
      await checkGo();
      await mkdir(bin, { recursive: true });
      for (const tool of left) await buildTool(tool, { source, bin, progress });
    },
    () => progress.step(`waiting: another command is building the ${module} tools`),
  );
}

async function missingTools(tools: readonly BuiltTool[], bin: string): Promise<BuiltTool[]> {
  const missing: BuiltTool[] = [];
  for (const tool of tools) {
    const files = [tool.file, ...(tool.links ?? [])];
    const found = await Promise.all(files.map((file) => exists(join(bin, file))));
    if (found.includes(false)) missing.push(tool);
  }
  return missing;
}

async function checkGo(): Promise<void> {
  if (!(await findProgram("go"))) {
    throw new Error(
      "Go is needed to build the cluster's tools, and there is none in PATH. Install Go 1.26 or later (https://go.dev/dl).",
    );
  }
}

const goEnvironment = { CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "-mod=readonly" };

async function buildTool(
  tool: BuiltTool,
  { source, bin, progress }: { source: string; bin: string; progress: Progress },
): Promise<void> {
  const temporary = await mkdtemp(join(bin, ".building-"));
  let phase = "downloading what it is made of";
  const say = () => progress.step(`building ${tool.file} (once per machine): ${phase}`);
  say();
  const ticker = setInterval(say, 15_000);
  try {
    const total = await countPackages(tool, source);
    let compiled = 0;
    const onErrorLine = () => {
      compiled += 1;
      phase = `${compiled} of at most ${total} packages compiled`;
    };
    phase = `0 of at most ${total} packages compiled`;
    const out = join(temporary, tool.file);
    const args = ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", tool.ldflags, "-o", out, tool.package];
    const built = await tryCommand("go", args, { cwd: source, env: goEnvironment, onErrorLine });
    if (built.code !== 0) throw new Error(buildFailure(tool, built.stderr));
    await rename(out, join(bin, tool.file));
    for (const link of tool.links ?? []) {
      await symlink(tool.file, join(temporary, link));
      await rename(join(temporary, link), join(bin, link));
    }
  } finally {
    clearInterval(ticker);
    await rm(temporary, { recursive: true, force: true });
  }
  progress.step(`built ${tool.file}`);
}

/** How many packages a tool has; downloads their modules on the way, and tries that again when the network fails. */
async function countPackages(tool: BuiltTool, source: string): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const listed = await tryCommand("go", ["list", "-deps", tool.package], { cwd: source, env: goEnvironment });
    if (listed.code === 0) return listed.stdout.split("\n").length - 1;
    if (attempt === 3 || !networkTrouble.test(listed.stderr)) throw new Error(buildFailure(tool, listed.stderr));
  }
}

const networkTrouble = /dial tcp|i\/o timeout|no such host|connection re|unexpected EOF|50[0-9] /;

function buildFailure(tool: BuiltTool, said: string): string {
  const hint = /requires go >=|toolchain/.test(said)
    ? "\nYour Go is older than this module asks for: install Go 1.26 or later."
    : networkTrouble.test(said)
      ? "\nThe Go modules could not be downloaded: check the network and GOPROXY, then run the same command again."
      : "";
  return `could not build ${tool.file} (${tool.package}); the last lines are\n${lastLines(said, 10)}${hint}`;
}

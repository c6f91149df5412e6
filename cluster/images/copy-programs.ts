import { chmod, copyFile, cp, mkdir, realpath, stat, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { tryCommand } from "../machine/run-command.ts";

/** The shared libraries that a program or library loads, as this machine's linker finds them (absolute paths, with the linker itself). */
export async function librariesOf(file: string): Promise<string[]> {
  const { stdout } = await tryCommand("ldd", [file]);
  return parseLdd(stdout);
}

/** Reads the output of `ldd`. */
export function parseLdd(text: string): string[] {
  return text
    .split("\n")
    .map((line) => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1])
    .filter((path) => path !== undefined);
}

/** Makes the empty skeleton of a root folder: merged /usr as in Debian, and a /tmp for everyone. */
export async function makeRoot(root: string): Promise<void> {
  for (const folder of [
    "usr/bin",
    "usr/sbin",
    "usr/lib",
    "usr/lib64",
    "usr/local/bin",
    "etc",
    "tmp",
    "var",
    "run",
    "root",
    "proc",
    "sys",
    "dev",
  ]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  for (const name of ["bin", "sbin", "lib", "lib64"]) await symlink(`usr/${name}`, join(root, name));
  await chmod(join(root, "tmp"), 0o1777);
}

/** Copies a program to the same place below `root` (or to `as`), and every library that it needs. */
export async function copyProgram(root: string, program: string, as: string = program): Promise<void> {
  await copyFollowed(root, program, as);
  for (const library of await librariesOf(program)) await copyFollowed(root, library, library);
}

/** Copies a folder, its links kept, and the libraries that the files in it need. */
export async function copyFolder(
  root: string,
  folder: string,
  leaveOut: (path: string) => boolean = () => false,
): Promise<void> {
  const files: string[] = [];
  await cp(folder, join(root, folder), {
    recursive: true,
    verbatimSymlinks: true,
    filter: async (path) => {
      if (leaveOut(path)) return false;
      if ((await stat(path)).isFile()) files.push(path);
      return true;
    },
  });
  const programs = files.filter((file) => /\.so(\.|$)|\/bin\//.test(file));
  const libraries = new Set((await Promise.all(programs.map(librariesOf))).flat());
  for (const library of libraries) await copyFollowed(root, library, library);
}

/** Copies what a path leads to, under the path's own name; the folder's links are followed (/lib is /usr/lib). */
async function copyFollowed(root: string, from: string, to: string): Promise<void> {
  const folder = await realpath(dirname(to)).catch(() => dirname(to));
  const target = join(root, folder, basename(to));
  await mkdir(dirname(target), { recursive: true });
  await copyFile(await realpath(from), target);
}

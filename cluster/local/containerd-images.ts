import { containerdSocket } from "./layout.ts";
import { runCommand } from "../machine/run-command.ts";

/** Imports an OCI archive as docker.io/local/<name>@<digest>, unless containerd has it. Returns that reference. */
export async function importImage(ctr: string, archive: string, name: string, digest: string): Promise<string> {
  const reference = `docker.io/local/${name}@${digest}`;
  const run = (...args: string[]) =>
    runCommand(ctr, ["--address", containerdSocket, "--namespace", "k8s.io", "images", ...args]);
  const known = await run("list", "--quiet", `name==${reference}`);
  if (known.trim() === reference) return reference;
  await run("import", "--digests", "--base-name", `docker.io/local/${name}`, archive);
  const now = await run("list", "--quiet", `name==${reference}`);
  if (now.trim() !== reference) throw new Error(`containerd imported ${archive}, but does not know ${reference}`);
  return reference;
}

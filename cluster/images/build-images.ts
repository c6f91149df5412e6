import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withFileLock } from "../machine/file-lock.ts";
import { cacheFolder, checkoutFolder } from "../machine/folders.ts";
import type { Progress } from "../machine/progress.ts";
import { runCommand, tryCommand } from "../machine/run-command.ts";
import { removeOlderArchives } from "./archive-cache.ts";
import { archiveDigest } from "./oci-archive.ts";

/** The targets of the Dockerfile that we run. */
export const imageTargets = ["operator", "gateway", "control-api", "vault", "vault-previous", "mail-catcher"] as const;
export type ImageTarget = (typeof imageTargets)[number];

/** Releases of one application are one image by different digests. */
const repositories: Partial<Record<ImageTarget, string>> = { "vault-previous": "polyphony-vault" };

export interface BuiltImage {
  /** Name without registry, such as "polyphony-vault". */
  name: string;
  archive: string;
  digest: string;
}

/**
 * A hash of everything that decides what an image is. V8's code cache is left out: it is made from the bundle beside it,
 * and its bytes differ from one run to the next though they mean the same.
 */
export async function hashOfInputs(folder: string, ...others: string[]): Promise<string> {
  const hash = createHash("sha256").update(others.join("\0"));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const name = file.slice(folder.length);
    if (!name.includes("/compile-cache/")) hash.update(`\0${name}\0`).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Builds one target of the Dockerfile on a base image, unless the same inputs were built before. */
export async function buildImage(
  target: ImageTarget,
  options: { buildah: string; base: string; context?: string; progress: Progress },
): Promise<BuiltImage> {
  const context = options.context ?? checkoutFolder;
  const dist = join(context, "dist", target);
  const dockerfile = await readFile(join(context, "Dockerfile"), "utf8");
  const key = await hashOfInputs(dist, dockerfile, target, await archiveDigest(options.base));
  const file = `polyphony-${target}`;
  const archive = join(cacheFolder(), "images", `${file}-${key}.tar`);
  await withFileLock(`${archive}.lock`, async () => {
    if (await isThere(archive)) return;
    options.progress.step(`building the image ${file}`);
    await build(target, { ...options, context, archive });
    await removeOlderArchives(file, archive);
  });
  return { name: repositories[target] ?? file, archive, digest: await archiveDigest(archive) };
}

async function build(
  target: ImageTarget,
  { buildah, base, context, archive }: { buildah: string; base: string; context: string; archive: string },
): Promise<void> {
  // A store of its own for each build, thrown away after: nothing to clean later, and builds do not disturb each other.
  const store = join(cacheFolder(), "images", `.store-${process.pid}-${target}`);
  const settings = join(store, "containers.conf");
  const where = ["--root", join(store, "root"), "--runroot", join(store, "run"), "--storage-driver", "vfs"];
  const run = (...args: string[]) =>
    runCommand(buildah, [...where, ...args], { env: { CONTAINERS_CONF: settings, TMPDIR: store } });
  await mkdir(store, { recursive: true });
  // Without this it leaves a lock file in /etc/cni.
  await writeFile(settings, `[network]\nnetwork_config_dir = ${JSON.stringify(join(store, "networks"))}\n`);
  try {
    const fixed = ["--isolation", "chroot", "--timestamp", "0", "--format", "oci", "--network", "host"];
    const which = ["--build-arg", `BASE=oci-archive:${base}`, "--target", target, "--tag", target];
    await run("bud", "--quiet", ...fixed, ...which, "--file", join(context, "Dockerfile"), context);
    await run("push", "--quiet", "--disable-compression", "--format", "oci", target, `oci-archive:${archive}.new`);
    await rename(`${archive}.new`, archive);
  } finally {
    await removeStore(store);
  }
}

async function removeStore(store: string): Promise<void> {
  await tryCommand("umount", ["--quiet", "--recursive", join(store, "root", "vfs")]);
  await rm(store, { recursive: true, force: true });
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

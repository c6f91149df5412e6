import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { chooseProvider } from "./choose-provider.ts";
import { ensureTools } from "./ensure-tools.ts";
import { ensureBaseImage } from "./images/base-images.ts";
import { buildImage, imageTargets, type ImageTarget } from "./images/build-images.ts";
import { archiveDigest } from "./images/oci-archive.ts";
import { checkoutFolder } from "./machine/folders.ts";
import { createProgress, type Progress } from "./machine/progress.ts";
import { runCommand } from "./machine/run-command.ts";
import { runMain } from "./machine/run-main.ts";
import type { ClusterProvider } from "./providers/provider.ts";
import { stateFiles, writeState } from "./state.ts";

/** What is made of this machine's own programs, and the program of Debian's that it needs. */
const ownImages = { postgres: "postgres", redis: "redis-server" } as const;
const ownImageNames = Object.keys(ownImages) as (keyof typeof ownImages)[];
const known: readonly string[] = [...imageTargets, ...ownImageNames];

/** References by digest, by target ("operator", "control-api", "vault", …, "postgres", "redis"). */
export type ImageReferences = Record<string, string>;

/**
 * Builds what has changed, brings it to the cluster, and writes the references to `.state/images.json`. The bundles in dist/ are made
 * anew first (a second or two), so that an image is never older than the sources; `bundle: false` takes them as they are.
 */
export async function provideImages(
  provider: ClusterProvider,
  options: { targets?: readonly string[]; bundle?: boolean; progress?: Progress } = {},
): Promise<ImageReferences> {
  const progress = options.progress ?? createProgress();
  const wanted = options.targets ?? known;
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`there is no image "${unknown.join(", ")}". Known are: ${known.join(", ")}`);
  const targets = imageTargets.filter((target) => wanted.includes(target));
  const references: ImageReferences = { ...(await readImages()) };
  if (targets.length > 0) {
    await bundle(targets, options.bundle ?? true, progress);
    const tools = await ensureTools(["images"], progress);
    const base = await ensureBaseImage("node-base", progress);
    const built = await Promise.all(
      targets.map(async (target) => ({
        target,
        image: await buildImage(target, { buildah: tools("buildah"), base, progress }),
      })),
    );
    for (const { target, image } of built) references[target] = await provider.loadImage(image.archive, image);
  }
  for (const name of ownImageNames.filter((one) => wanted.includes(one))) {
    await ensureTools([ownImages[name]], progress);
    const archive = await ensureBaseImage(name, progress);
    references[name] = await provider.loadImage(archive, { name, digest: await archiveDigest(archive) });
  }
  await writeState(stateFiles.images, JSON.stringify(references, undefined, 2));
  return references;
}

/** The references that `provideImages` wrote last; empty when it has not run on this cluster. */
export async function readImages(): Promise<ImageReferences> {
  const text = await readFile(stateFiles.images, "utf8").catch(() => "{}");
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}

async function bundle(targets: readonly ImageTarget[], always: boolean, progress: Progress): Promise<void> {
  const wanted = always ? targets : targets.filter((target) => !existsSync(join(checkoutFolder, "dist", target)));
  if (wanted.length === 0) return;
  // The control API serves the console out of its own image.
  const bundles = wanted.flatMap((target) => (target === "control-api" ? ["console", target] : [target]));
  progress.step(`bundling ${bundles.join(", ")}`);
  await runCommand(process.execPath, [join(checkoutFolder, "build.ts"), ...bundles], { cwd: checkoutFolder });
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { bundle: { type: "boolean", default: true } },
    allowNegative: true,
  });
  await runMain(async () => {
    const targets = positionals.length > 0 ? { targets: positionals } : {};
    const references = await provideImages(await chooseProvider(), { ...targets, bundle: values.bundle });
    process.stdout.write(`${JSON.stringify(references, undefined, 2)}\n`);
  });
}

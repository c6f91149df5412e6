import { join, resolve } from "node:path";
import { build } from "esbuild";

/** Writes the mail catcher as one file, `mail-catcher.cjs`, for its image. */
export async function buildMailCatcher(outDir: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, "main.ts")],
    outfile: join(resolve(outDir), "mail-catcher.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
  });
}

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

/** CommonJS: the main script of a single executable cannot be an ES module. */
const bundle = (outfile: string) =>
  build({
    entryPoints: [join(import.meta.dirname, "main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "none",
  });

/** Node itself with the bundle inside. Source: https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
const seal = (bundled: string, executable: string): void => {
  const [config, blob] = [`${executable}.json`, `${executable}.blob`] as const;
  const settings = { main: bundled, output: blob, disableExperimentalSEAWarning: true, useCodeCache: true };
  writeFileSync(config, JSON.stringify(settings));
  execFileSync(process.execPath, ["--experimental-sea-config", config], { stdio: "pipe" });
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  // A program of its own: its library complains on the console about what it does not need.
  const postject = createRequire(import.meta.url).resolve("postject/dist/cli.js");
  const fuse = ["--sentinel-fuse", "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2"];
  execFileSync(process.execPath, [postject, executable, "NODE_SEA_BLOB", blob, ...fuse], { stdio: "pipe" });
  for (const file of [config, blob, bundled]) rmSync(file);
};

/** Builds `polyphony` in `folder`, one executable without dependencies, and `kubectl-polyphony` beside it. */
export const buildCli = async (folder: string): Promise<void> => {
  const bundled = join(folder, "polyphony.cjs");
  await bundle(bundled);
  seal(bundled, join(folder, "polyphony"));
  for (const name of ["kubectl-polyphony", "kubectl_complete-polyphony"]) symlinkSync("polyphony", join(folder, name));
};

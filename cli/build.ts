import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { runbooksAsset } from "./runbook.ts";

const root = join(import.meta.dirname, "..");

/** Every runbook in one object, so that the executable needs no files beside it. */
const runbooks = (): string => {
  const folder = join(root, "docs", "runbooks");
  const files = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md");
  return JSON.stringify(
    Object.fromEntries(files.map((name) => [basename(name, ".md"), readFileSync(join(folder, name), "utf8")])),
  );
};

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
    define: { "import.meta.dirname": "__dirname" },
  });

/** Node itself with the bundle inside. Source: https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
const seal = (folder: string, bundled: string): void => {
  const [config, blob, assets] = ["sea.json", "sea.blob", runbooksAsset].map((name) => join(folder, name));
  const executable = join(folder, "polyphony");
  writeFileSync(assets ?? "", runbooks());
  const settings = {
    main: bundled,
    output: blob,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets: { [runbooksAsset]: assets },
  };
  writeFileSync(config ?? "", JSON.stringify(settings));
  execFileSync(process.execPath, ["--experimental-sea-config", config ?? ""], { stdio: "pipe" });
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  const postject = createRequire(import.meta.url).resolve("postject/dist/cli.js");
  const fuse = ["--sentinel-fuse", "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2"];
  execFileSync(process.execPath, [postject, executable, "NODE_SEA_BLOB", blob ?? "", ...fuse], { stdio: "pipe" });
  for (const name of [config, blob, assets]) rmSync(name ?? "");
};

/** Builds `polyphony` in `folder`, one executable without dependencies, and `kubectl-polyphony` beside it. */
export const buildCli = async (folder: string): Promise<void> => {
  const bundled = join(folder, "polyphony.cjs");
  await bundle(bundled);
  seal(folder, bundled);
  for (const name of ["kubectl-polyphony", "kubectl_complete-polyphony"]) symlinkSync("polyphony", join(folder, name));
};

import { join } from "node:path";
import { build, type Plugin } from "esbuild";

/** CommonJS packages inside an ES module still call require and ask where they are. */
const commonJs = `import { createRequire } from "node:module";
const require = createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** One program of ours: the folder of its `main.ts`, and the file that it becomes. */
export interface Program {
  readonly source: string;
  readonly outfile: string;
  readonly plugins?: Plugin[];
}

/** Bundles a program and all that it imports into one ES module for Node. */
export const bundleProgram = async ({ source, outfile, plugins = [] }: Program): Promise<void> => {
  await build({
    entryPoints: [join(source, "main.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    keepNames: true,
    legalComments: "none",
    // client-node is for kubeconfigs with login plugins only, which a pod has not; it would be nine tenths of the file.
    external: ["pg-native", "pg-query-stream", "@kubernetes/client-node"],
    plugins,
    banner: { js: commonJs },
  });
};

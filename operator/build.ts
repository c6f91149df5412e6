import { join } from "node:path";
import { build } from "esbuild";

/** Bundles the operator and its one-off commands into one file, `operator.mjs` in `folder`. */
export const buildOperator = async (folder: string): Promise<void> => {
  await build({
    entryPoints: [join(import.meta.dirname, "main.ts")],
    outfile: join(folder, "operator.mjs"),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    keepNames: true,
    legalComments: "none",
    external: ["pg-native"],
    // CommonJS packages inside an ES module still call require.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
};

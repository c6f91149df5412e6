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
    // client-node is for kubeconfigs with login plugins only, which a pod has not.
    external: ["pg-native", "@kubernetes/client-node"],
    // CommonJS packages inside an ES module still call require.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
};

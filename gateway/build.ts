import { join } from "node:path";
import { build } from "esbuild";

/** Bundles the gateway into one file, `gateway.mjs` in `outDir`. */
export const buildGateway = async (outDir: string): Promise<void> => {
  await build({
    entryPoints: [join(import.meta.dirname, "main.ts")],
    outfile: join(outDir, "gateway.mjs"),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    keepNames: true,
    legalComments: "none",
    // Needed only for kubeconfigs with a login plugin, never in a pod; it would be nine tenths of the file.
    external: ["@kubernetes/client-node"],
    // CommonJS packages inside an ES module still call require.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
};

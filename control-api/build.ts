import { cpSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

/** The registry is PostgreSQL; knex's other dialects ask for drivers that are not there. */
const onlyPostgres: Plugin = {
  name: "only-postgres",
  setup: (bundler) => {
    bundler.onLoad({ filter: /knex\/lib\/dialects\/index\.js$/ }, () => ({
      contents: "exports.getDialectByNameOrAlias = () => require('./postgres/index.js')",
    }));
  },
};

/** CommonJS packages inside an ES module still call require and ask where they are. */
const commonJs = `import { createRequire } from "node:module";
const require = createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/**
 * Bundles the control API, its worker and its one-off commands into one file, `control-api.mjs` in `folder`, and puts the
 * built console beside it as `console/`, so that one image serves both. @throws Error when the console was not built
 */
export const buildControlApi = async (folder: string, consoleFolder: string): Promise<void> => {
  await build({
    entryPoints: [join(import.meta.dirname, "main.ts")],
    outfile: join(folder, "control-api.mjs"),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    keepNames: true,
    legalComments: "none",
    // client-node is for kubeconfigs with login plugins only, which a pod has not.
    external: ["pg-native", "pg-query-stream", "@kubernetes/client-node"],
    plugins: [onlyPostgres],
    banner: { js: commonJs },
  });
  cpSync(consoleFolder, join(folder, "console"), { recursive: true });
};

import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";
import { bundleProgram } from "../bundle.ts";

/** The registry is PostgreSQL; knex's other dialects ask for drivers that are not there. */
const onlyPostgres: Plugin = {
  name: "only-postgres",
  setup: (bundler) => {
    bundler.onLoad({ filter: /knex\/lib\/dialects\/index\.js$/ }, () => ({
      contents: "exports.getDialectByNameOrAlias = () => require('./postgres/index.js')",
    }));
  },
};

/**
 * Bundles the control API, its worker and its one-off commands into one file, `control-api.mjs` in `folder`, and puts the
 * built console beside it as `console/`, so that one image serves both. @throws Error when the console was not built
 */
export const buildControlApi = async (folder: string, consoleFolder: string): Promise<void> => {
  const outfile = join(folder, "control-api.mjs");
  await bundleProgram({ source: import.meta.dirname, outfile, plugins: [onlyPostgres] });
  cpSync(consoleFolder, join(folder, "console"), { recursive: true });
};

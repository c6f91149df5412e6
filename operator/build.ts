import { join } from "node:path";
import { bundleProgram } from "../bundle.ts";

/** Bundles the operator and its one-off commands into one file, `operator.mjs` in `folder`. */
export const buildOperator = (folder: string): Promise<void> =>
  bundleProgram({ source: import.meta.dirname, outfile: join(folder, "operator.mjs") });

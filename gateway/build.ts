import { join } from "node:path";
import { bundleProgram } from "../bundle.ts";

/** Bundles the gateway into one file, `gateway.mjs` in `outDir`. */
export const buildGateway = (outDir: string): Promise<void> =>
  bundleProgram({ source: import.meta.dirname, outfile: join(outDir, "gateway.mjs") });

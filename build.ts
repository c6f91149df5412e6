import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildGateway } from "./gateway/build.ts";
import { buildOperator } from "./operator/build.ts";
import { buildMailCatcher } from "./test/stand-ins/mail-catcher/build.ts";
import { buildVault } from "./vault-template/build.ts";

/** One bundle per image, each in a folder of its own under dist/; the Dockerfile copies them. */
const targets: Record<string, (folder: string) => Promise<unknown>> = {
  operator: buildOperator,
  gateway: buildGateway,
  vault: buildVault,
  "mail-catcher": buildMailCatcher,
};

const wanted = process.argv.slice(2);
for (const [name, build] of Object.entries(targets)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = join(import.meta.dirname, "dist", name);
  rmSync(folder, { recursive: true, force: true });
  await build(folder);
  console.log(`✓ dist/${name}`);
}

import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildCli } from "./cli/build.ts";
import { buildConsole } from "./console/build.ts";
import { buildControlApi } from "./control-api/build.ts";
import { buildGateway } from "./gateway/build.ts";
import { buildOperator } from "./operator/build.ts";
import { buildMailCatcher } from "./test/stand-ins/mail-catcher/build.ts";
import { buildVault } from "./vault-template/build.ts";
import { newestSchemaVersion } from "./vault-template/db/migrations/steps.ts";

/** One bundle per image, each in a folder of its own under dist/, which the Dockerfile copies; and the command line. */
const targets: Record<string, (folder: string) => Promise<unknown>> = {
  operator: buildOperator,
  gateway: buildGateway,
  // Before control-api, which takes it along.
  console: buildConsole,
  "control-api": (folder) => buildControlApi(folder, join(import.meta.dirname, "dist", "console")),
  vault: (folder) => buildVault(folder),
  // The release before, from the same sources: upgrades are tried from one to the other.
  "vault-previous": (folder) => buildVault(folder, { schemaVersion: newestSchemaVersion - 1 }),
  "mail-catcher": buildMailCatcher,
  cli: buildCli,
};

const wanted = process.argv.slice(2);
for (const [name, build] of Object.entries(targets)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = join(import.meta.dirname, "dist", name);
  rmSync(folder, { recursive: true, force: true });
  await build(folder);
  console.log(`✓ dist/${name}`);
}

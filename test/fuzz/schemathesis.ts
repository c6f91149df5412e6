import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../cluster/machine/folders.ts";
import { runCommand } from "../../cluster/machine/run-command.ts";

const version = "4.32.5";

/** The program schemathesis (PyPI), installed into the cache the first time it is asked for. */
export const schemathesis = async (): Promise<string> => {
  const folder = join(cacheFolder(), "tools", `schemathesis-${version}`);
  const program = join(folder, "bin", "schemathesis");
  if (existsSync(program)) return program;
  process.stdout.write(`installing schemathesis ${version}, once\n`);
  await runCommand("python3", ["-m", "venv", folder]);
  await runCommand(join(folder, "bin", "pip"), ["install", "--quiet", `schemathesis==${version}`]);
  return program;
};

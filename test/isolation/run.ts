import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { withDemo } from "../with-demo.ts";
import { countsFolder } from "./attempts.ts";
import { publishReport } from "./report.ts";

const root = join(import.meta.dirname, "../..");

const jest = (project: string, pattern: string): boolean => {
  const args = ["--selectProjects", project, "--testPathPatterns", pattern, "--runInBand", "--forceExit"];
  const env = { ...process.env, NODE_OPTIONS: "--experimental-vm-modules --no-warnings" };
  return spawnSync("jest", args, { cwd: root, stdio: "inherit", env }).status === 0;
};

rmSync(countsFolder, { recursive: true, force: true });
const alone = jest("integration", "integration/isolation-");
const onDemo = await withDemo(root, () => jest("e2e", "test/isolation/"));
const { attempts, crossed } = publishReport();
console.log(`\n${attempts} attempts, ${crossed} crossed`);
process.exit(alone && onDemo && crossed === 0 ? 0 : 1);

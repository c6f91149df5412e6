#!/usr/bin/env node
import { basename } from "node:path";
import { completeWord } from "./completion/complete.ts";
import { runCli } from "./run-cli.ts";
import { processWorld } from "./system/process-world.ts";

/** kubectl asks a plugin for completion by a program of its own name. */
const isAskedByKubectl = basename(process.argv0).startsWith("kubectl_complete-");

const main = async (): Promise<void> => {
  const args = process.argv.slice(2);
  process.exitCode = await runCli(isAskedByKubectl ? [completeWord, ...args] : args, processWorld());
  // A connection that is kept open must not keep the command alive when its work is done.
  process.exit();
};

void main();

import { basename } from "node:path";
import { createInterface } from "node:readline";
import { systemTimer } from "../../kube/clock.ts";
import { interrupted } from "../cli-error.ts";
import type { Terminal, World } from "../session.ts";
import { openCluster } from "./open-cluster.ts";
import { runProgram, startCompanion } from "./run-program.ts";
import { visit } from "./visit.ts";
import { webFetch } from "./web-fetch.ts";

const showsColour = (env: NodeJS.ProcessEnv, isTerminal: boolean): boolean =>
  isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";

/** One line from the person; nothing when the input ends. Ctrl-C there is the answer that nothing is to be done. */
const askOn = (input: NodeJS.ReadableStream, output: NodeJS.WritableStream, question: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const lines = createInterface({ input, output });
    lines.on("SIGINT", () => {
      output.write("\n");
      reject(interrupted("Nothing was done."));
      lines.close();
    });
    lines.on("close", () => resolve(""));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });

const terminalOf = ({ stdout, stderr, stdin, env }: NodeJS.Process): Terminal => ({
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  width: stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY,
  colour: showsColour(env, stdout.isTTY),
  interactive: stdin.isTTY && stderr.isTTY,
  ask: (question) => askOn(stdin, stderr, question),
});

/** The command as the person typed it: kubectl calls its plugins `kubectl-<name>`. */
const programOf = (argv0: string): string =>
  basename(argv0).startsWith("kubectl-") ? "kubectl polyphony" : "polyphony";

/** Aborts at the first Ctrl-C, so that a command can say what goes on; a second one ends the process at once. */
const interruptOf = (on: NodeJS.Process): AbortSignal => {
  const controller = new AbortController();
  on.on("SIGINT", () => {
    if (controller.signal.aborted) on.exit(130);
    controller.abort();
  });
  return controller.signal;
};

/** Whoever reads our output may stop reading, as head does: then there is nothing more to say. */
const endWithReader = (on: NodeJS.Process): void => {
  on.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") on.exit(0);
    throw error;
  });
};

/** The world as this process has it. */
export const processWorld = (): World => {
  endWithReader(process);
  return {
    terminal: terminalOf(process),
    timer: systemTimer(),
    env: process.env,
    program: programOf(process.argv0),
    folder: process.cwd(),
    interrupt: interruptOf(process),
    connect: (options) => openCluster(options, process.env),
    run: runProgram,
    startCompanion,
    visit,
    fetch: webFetch,
  };
};

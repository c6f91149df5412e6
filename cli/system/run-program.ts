import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Companion, RunOptions } from "../session.ts";

const notInstalled = 127;

/** While another program has the terminal, Ctrl-C is its own matter. Gives the way back. */
const leaveInterruptsAlone = (): (() => void) => {
  const before = process.listeners("SIGINT");
  const ignore = (): void => undefined;
  process.removeAllListeners("SIGINT");
  process.on("SIGINT", ignore);
  return () => {
    process.off("SIGINT", ignore);
    for (const listener of before) process.on("SIGINT", listener);
  };
};

/** Runs a program on this terminal; 127 when there is none of that name, as a shell says it. */
export const runProgram = (
  program: string,
  args: readonly string[],
  { env = {}, folder }: RunOptions = {},
): Promise<number> =>
  new Promise<number>((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: "inherit",
      env: { ...process.env, ...env },
      ...(folder ? { cwd: folder } : {}),
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? resolve(notInstalled) : reject(error),
    );
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  }).finally(leaveInterruptsAlone());

/** Starts a program beside this one; what it says on standard error is given when it ends too early. */
export const startCompanion = (program: string, args: readonly string[]): Companion => {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  const ended = new Promise<Error>((resolve) => {
    child.on("error", (error) => resolve(error));
    child.on("close", (code) => resolve(new Error(said.join(" ").trim() || `it ended with ${code ?? "a signal"}`)));
  });
  createInterface(child.stderr).on("line", (line) => said.push(line));
  const lines = createInterface(child.stdout);
  return {
    line: (pattern) =>
      new Promise((resolve, reject) => {
        lines.on("line", (line) => {
          const found = pattern.exec(line);
          if (found) resolve(found);
        });
        void ended.then(reject);
      }),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
};

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines } from "../../cluster/machine/run-command.ts";

/** A program that belongs to this test run: it dies with it, also when the run itself is killed. */
export interface Part {
  name: string;
  pid: number;
  /** Fails with the program's last lines once it has ended. */
  assertRunning(): Promise<void>;
  /** Sends `signal`, waits up to ten seconds, then SIGKILL. Does nothing when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface PartOptions {
  name: string;
  program: string;
  args: string[];
  logFile: string;
  env?: Record<string, string>;
  /** The account it runs as; root (the caller's) when absent. */
  user?: string;
  /** What the kernel sends it when this process dies. */
  deathSignal?: "KILL" | "QUIT";
}

/** Starts a program with its output in `logFile`. */
export function startPart(options: PartOptions): Part {
  const { name, logFile } = options;
  const account = options.user ? [`--reuid=${options.user}`, `--regid=${options.user}`, "--init-groups"] : [];
  const args = ["--pdeathsig", options.deathSignal ?? "KILL", ...account, "--", options.program, ...options.args];
  const log = openSync(logFile, "a");
  const child = spawn("setpriv", args, { stdio: ["ignore", log, log], env: { ...process.env, ...options.env } });
  closeSync(log);
  let startError: Error | undefined;
  child.on("error", (error) => (startError = error));
  const ended = () => child.exitCode !== null || child.signalCode !== null || startError !== undefined;
  return {
    name,
    pid: child.pid ?? -1,
    async assertRunning() {
      if (!ended()) return;
      const said = await readFile(logFile, "utf8").catch(() => "");
      throw new Error(
        `${name} ended (${startError?.message ?? child.exitCode ?? child.signalCode}); its last lines are\n${lastLines(said, 15)}`,
      );
    },
    stop: (signal = "SIGTERM") => stopChild(child, signal, ended),
  };
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals, ended: () => boolean): Promise<void> {
  if (ended()) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(timer);
}

/** Asks `ready` every 50 ms until it holds; fails when a part has ended, or after `seconds`. */
export async function waitUntil(
  what: string,
  parts: Part[],
  ready: () => Promise<boolean>,
  seconds = 60,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let problem: unknown;
  while (performance.now() < end) {
    const done = await ready().catch((error: unknown) => {
      problem = error;
      return false;
    });
    if (done) return;
    for (const part of parts) await part.assertRunning();
    await sleep(50);
  }
  throw new Error(`${what} was not ready after ${seconds} s`, { cause: problem });
}

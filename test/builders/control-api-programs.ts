import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Part, startPart, waitUntil } from "../harness/child-process.ts";
import { freePorts } from "../harness/free-ports.ts";

/** One more API, in a process of its own. */
export interface ApiProgram {
  readonly url: string;
  readonly pid: number;
  /** kill -9. */
  kill(): Promise<void>;
}

/** A worker, in a process of its own. */
export interface WorkerProgram {
  /** kill -9, and another in its place. */
  kill(): Promise<void>;
  /** Stops it where it stands, as on a machine that hangs: nothing is closed, nothing is said. */
  freeze(): void;
  /** Goes on after `freeze`, and knows nothing of it. */
  wake(): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
  /** Another in the place of one that was stopped. */
  start(): void;
}

/** The control API's programs as they are installed. */
export interface ControlApiPrograms {
  startApi(): Promise<ApiProgram>;
  startWorker(): WorkerProgram;
  /** Runs one of its other commands, such as rotate-keys. Resolves with what it says; rejects when it fails. */
  run(command: string): Promise<string>;
}

const main = join(import.meta.dirname, "../../control-api/main.ts");
const execFileAsync = promisify(execFile);

/** `environment` is that of all of them; what they say goes to files in `folder`. */
export const controlApiPrograms = (environment: Record<string, string>, folder: string): ControlApiPrograms => {
  const start = (command: string, env = environment): Part =>
    startPart({
      name: command,
      program: process.execPath,
      args: [main, command],
      env,
      logFile: join(folder, `${command}.log`),
    });
  return {
    startApi: async () => {
      const [port = 0, internalPort = 0] = await freePorts(2);
      const url = `http://127.0.0.1:${String(port)}`;
      const part = start("serve", { ...environment, PORT: String(port), INTERNAL_PORT: String(internalPort) });
      await waitUntil("the API", [part], () => fetch(`${url}/openapi.json`).then(({ ok }) => ok));
      return { url, pid: part.pid, kill: () => part.stop("SIGKILL") };
    },
    startWorker: () => {
      let part = start("work");
      return {
        kill: async () => {
          await part.stop("SIGKILL");
          part = start("work");
        },
        freeze: () => void process.kill(part.pid, "SIGSTOP"),
        wake: () => void process.kill(part.pid, "SIGCONT"),
        stop: () => part.stop(),
        start: () => void (part = start("work")),
      };
    },
    run: async (command) => (await execFileAsync(process.execPath, [main, command], { env: environment })).stdout,
  };
};

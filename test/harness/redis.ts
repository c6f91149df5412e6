import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { createProgress } from "../../cluster/machine/progress.ts";
import { runCommand } from "../../cluster/machine/run-command.ts";
import { startPart, waitUntil, type Part } from "./child-process.ts";
import { freePorts } from "./free-ports.ts";

export interface RedisServer {
  /** redis://127.0.0.1:port */
  readonly url: string;
  /** Forgets everything, as a Redis that lost its disk. */
  flush(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** It says nothing more, and its connections stand: as when its machine is cut off. */
  freeze(): void;
  thaw(): void;
  /** Starts it again after `kill`, empty, on the same port. */
  start(): Promise<void>;
  /** kill -9 and start again, empty, on the same port. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Debian's Redis 7 on a free port, keeping nothing on disk. */
export async function startRedis(): Promise<RedisServer> {
  const tools = await ensureTools(["redis-server"], createProgress());
  const folder = await mkdtemp(join(tmpdir(), "polyphony-redis-"));
  const [port = 0] = await freePorts(1);
  let part: Part | undefined;
  const ask = (...command: string[]) => runCommand("redis-cli", ["-h", "127.0.0.1", "-p", String(port), ...command]);
  const start = async () => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
    const started = startPart({ name: "Redis", program: tools("redis-server"), args, logFile: join(folder, "log") });
    part = started;
    await waitUntil("Redis", [started], () => ask("ping").then(() => true));
  };
  const kill = async () => {
    await part?.stop("SIGKILL");
    part = undefined;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    flush: async () => {
      await ask("flushall");
    },
    kill,
    freeze: () => {
      if (part) process.kill(part.pid, "SIGSTOP");
    },
    thaw: () => {
      if (part) process.kill(part.pid, "SIGCONT");
    },
    start,
    crash: async () => {
      await kill();
      await start();
    },
    stop: async () => {
      await part?.stop("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

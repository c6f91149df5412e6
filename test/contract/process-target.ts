import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePorts } from "../harness/free-ports.ts";
import type { Finished, RunningVault, VaultEnvironment, VaultTarget } from "./vault-target.ts";

export interface ProcessTarget extends VaultTarget {
  /** Ends what a failed test left running. */
  stopAll(): Promise<void>;
}

interface Watched {
  child: ChildProcess;
  finished: Promise<Finished>;
  output: () => string;
}

const watch = (child: ChildProcess): Watched => {
  const said = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => (said.stdout += String(chunk)));
  child.stderr?.on("data", (chunk) => (said.stderr += String(chunk)));
  const finished = new Promise<Finished>((resolve) => {
    child.once("close", (code) => resolve({ exitCode: code ?? -1, ...said }));
  });
  return { child, finished, output: () => said.stdout + said.stderr };
};

const answers = (url: string) =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  );

/** A vault as a program on this machine, for example `[process.execPath, "dist/vault/vault.cjs"]`. */
export function processTarget([program = "", ...args]: string[]): ProcessTarget {
  const running = new Set<Watched>();
  const folders: string[] = [];
  const start = (rest: string[], environment: VaultEnvironment): Watched => {
    const stdio = ["pipe", "pipe", "pipe"] as const;
    // Nothing of this process's environment: what a vault needs beyond the contract would show.
    const watched = watch(spawn(program, [...args, ...rest], { env: environment, stdio: [...stdio] }));
    running.add(watched);
    void watched.finished.then(() => running.delete(watched));
    return watched;
  };
  const runningVault = (watched: Watched, publicUrl: string, internalUrl: string): RunningVault => ({
    publicUrl,
    internalUrl,
    output: watched.output,
    terminate: async () => {
      watched.child.kill("SIGTERM");
      return (await watched.finished).exitCode;
    },
  });
  return {
    newSettings: async (values) => {
      const path = await mkdtemp(join(tmpdir(), "vault-settings-"));
      folders.push(path);
      let version = 0;
      const publish = async (files: VaultEnvironment): Promise<void> => {
        version += 1;
        await mkdir(join(path, `..${version}`));
        for (const [name, text] of Object.entries(files)) await writeFile(join(path, `..${version}`, name), text);
        await symlink(`..${version}`, join(path, "..data_tmp"));
        await rename(join(path, "..data_tmp"), join(path, "..data"));
      };
      await publish(values);
      return { path, publish, withinMs: 60_000 };
    },
    serve: async (environment) => {
      const [port = 0, internalPort = 0] = await freePorts(2);
      const publicUrl = `http://127.0.0.1:${port}`;
      const internalUrl = `http://127.0.0.1:${internalPort}`;
      const ports = { PORT: String(port), INTERNAL_PORT: String(internalPort) };
      const watched = start(["serve"], { PUBLIC_URL: publicUrl, ...ports, ...environment });
      const end = Date.now() + 60_000;
      while (!(await answers(`${internalUrl}/healthz`))) {
        if (Date.now() > end || watched.child.exitCode !== null) {
          throw new Error(`The vault does not answer on ${internalUrl}/healthz. It said:\n${watched.output()}`);
        }
        await pause(20);
      }
      return runningVault(watched, publicUrl, internalUrl);
    },
    tryToServe: async (environment) => {
      const watched = start(["serve"], { PORT: "0", INTERNAL_PORT: "0", ...environment });
      const timer = setTimeout(() => watched.child.kill("SIGKILL"), 60_000);
      return watched.finished.finally(() => clearTimeout(timer));
    },
    migrate: async (list, by) => {
      const folder = await mkdtemp(join(tmpdir(), "vault-migrate-"));
      const path = join(folder, "list.ndjson");
      await writeFile(path, list);
      const watched = start(by === "file" ? ["migrate", path] : ["migrate"], {});
      watched.child.stdin?.end(by === "stdin" ? list : "");
      return watched.finished.finally(() => rm(folder, { recursive: true }));
    },
    stopAll: async () => {
      for (const { child } of running) child.kill("SIGKILL");
      await Promise.all([...running].map(({ finished }) => finished));
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
    },
  };
}

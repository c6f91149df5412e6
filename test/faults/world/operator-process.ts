import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ignoreNotFound, isNotFound } from "../../../kube/errors.ts";
import { kinds } from "../../../kube/kinds.ts";
import type { Kube } from "../../../kube/kube.ts";
import { type Part, startPart } from "../../harness/child-process.ts";
import { leaseName } from "../../../operator/engine/leader.ts";
import { manifests } from "./manifests.ts";

/** The operator as a process of its own, and whoever starts it again when it ends. */
export interface OperatorProcess {
  /** Starts one more process; the Lease decides which of them works. Its clock may go wrong by a while. */
  start(skewMs?: number): void;
  /** kill -9 of the one that works, and waits until it is gone. */
  kill(): Promise<void>;
  /**
   * Starts the next at once: the dead one's Lease is given back, which its time would do a quarter of a minute later.
   */
  replace(): Promise<void>;
  /** Stops the process that works where it stands (SIGSTOP); `wake` lets it go on. */
  freeze(): { wake(): void };
  /** How many were started so far. */
  starts(): number;
  /** Everything that they have said since the last call, over all processes. */
  newLog(): Promise<string>;
  /** Whether the process that leads has looked at all of these Tenants that there are, and has nothing to try again. */
  hasVisited(slugs: readonly string[]): Promise<boolean>;
  /** Starts the operator again when it has ended by itself, as a Deployment does; to be called again and again. */
  supervise(): Promise<void>;
  stop(): Promise<void>;
}

const lease = { namespace: manifests.home, name: leaseName("polyphony-operator", "") };

/** As somebody might by hand: the leader must stop, and whoever comes next finds none. */
export const deleteLease = async (kube: Kube): Promise<void> => {
  await kube.delete(kinds.lease, lease).catch(ignoreNotFound);
};

const skewedClock = join(import.meta.dirname, "skewed-clock.ts");

/** Ends of a reconcile that is soon to be done again, whatever the status says meanwhile. */
const triedAgain = /"outcome":"failed"|WriteConflict|KubernetesBusy|DatabaseServerConnecting/;

export interface OperatorOptions {
  readonly folder: string;
  readonly program: string;
  readonly kube: Kube;
  readonly environment: Readonly<Record<string, string>>;
}

export const createOperatorProcess = ({ folder, program, kube, environment }: OperatorOptions): OperatorProcess => {
  const running: Part[] = [];
  const logs: { file: string; read: number }[] = [];
  let starts = 0;
  /** Killed on purpose: whoever did it starts the next. */
  let down = false;

  const start = (skewMs = 0): void => {
    starts += 1;
    down = false;
    const logFile = join(folder, `operator-${starts}.log`);
    logs.push({ file: logFile, read: 0 });
    running.push(
      startPart({
        name: `operator-${starts}`,
        program: process.execPath,
        args: [...(skewMs === 0 ? [] : ["--import", skewedClock]), program, "run"],
        logFile,
        env: { ...environment, POD_NAME: `operator-${starts}`, NODE_OPTIONS: "", CLOCK_SKEW_MS: String(skewMs) },
      }),
    );
  };

  const kill = async (): Promise<void> => {
    down = true;
    await running.shift()?.stop("SIGKILL");
  };

  const freeLease = async (): Promise<void> => {
    for (;;) {
      try {
        await kube.patch(kinds.lease, lease, { spec: { holderIdentity: "" } });
        return;
      } catch (error) {
        if (isNotFound(error)) return;
        // The API server is away; so it is for the next operator.
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  };

  /** All that the process has said that leads, of those that live. */
  const saidByLeader = async (): Promise<string> => {
    const said = await Promise.all(
      running.map(({ name }) =>
        readFile(logs.find(({ file }) => file.endsWith(`/${name}.log`))?.file ?? "", "utf8").catch(() => ""),
      ),
    );
    return said.findLast((text) => text.includes('"msg":"leading"')) ?? "";
  };

  let supervising = false;

  return {
    start,
    kill,
    replace: async () => {
      await kill();
      await freeLease();
      start();
    },
    freeze: () => {
      const [part] = running.splice(0, 1);
      if (part) process.kill(part.pid, "SIGSTOP");
      return {
        wake: () => {
          if (!part) return;
          running.push(part);
          process.kill(part.pid, "SIGCONT");
        },
      };
    },
    starts: () => starts,
    newLog: async () => {
      let text = "";
      for (const log of logs) {
        const all = await readFile(log.file, "utf8").catch(() => "");
        text += all.slice(log.read);
        log.read = all.length;
      }
      // Those of processes that are gone are read for good.
      for (const log of logs.splice(0, Math.max(0, logs.length - 4))) await rm(log.file, { force: true });
      return text;
    },
    hasVisited: async (slugs) => {
      const said = await saidByLeader();
      if (!said.includes('"key":')) return false;
      const visits = said.split("\n");
      const tenants = await kube.list(kinds.tenant).catch(() => []);
      return tenants
        .map(({ metadata }) => metadata?.name ?? "")
        .filter((name) => slugs.includes(name))
        .every((name) => {
          const last = visits.findLast((line) => line.includes(`"controller":"tenant","key":"${name}"`));
          return last !== undefined && !triedAgain.test(last);
        });
    },
    supervise: async () => {
      if (supervising) return;
      supervising = true;
      for (const part of [...running]) {
        await part.assertRunning().catch(() => {
          running.splice(running.indexOf(part), 1);
        });
      }
      if (running.length === 0 && !down) start();
      supervising = false;
    },
    stop: async () => {
      down = true;
      for (const part of running.splice(0)) await part.stop("SIGKILL");
    },
  };
};

/** A kubeconfig that leads through the proxy. */
export const writeKubeconfig = async (file: string, server: string, token: string): Promise<void> => {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "faults",
    clusters: [{ name: "faults", cluster: { server } }],
    users: [{ name: "operator", user: { token } }],
    contexts: [{ name: "faults", context: { cluster: "faults", user: "operator" } }],
  };
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
};

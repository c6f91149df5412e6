import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startPart } from "../../harness/child-process.ts";
import { freePorts } from "../../harness/free-ports.ts";
import { systemNamespace } from "./catalogue.ts";
import { readSamples, type Samples } from "./metrics-text.ts";
import type { World } from "./open-world.ts";

/** The operator as a process of its own, as it runs in its pod. */
export type OperatorProcess = {
  pid: number;
  samples(): Promise<Samples>;
  /** Waits until `runs` reconciles of Tenants have ended and none waits or runs. Fails after five minutes. */
  idle(runs: number, options?: { everyMs?: number }): Promise<void>;
  /** Resident memory, in MB. */
  residentMb(): Promise<number>;
  /** The part of it that is pages of files, shared by all processes that run them. */
  fileBackedMb(): Promise<number>;
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>;
  kill(): Promise<void>;
};

/** Numbers of calls to the API server, as the operator counts them itself. */
export type Calls = { reads: number; writes: number };

const writes = new Set(["apply", "patch", "create", "update", "delete"]);
const reads = new Set(["get", "list"]);

/** What is not a tenant's; a connection Secret is read at each look at its server. */
const notOfTenants = new Set(["VaultTemplate", "VaultRelease", "DatabaseServer", "Lease"]);
const isForServer = (verb: string, kind: string): boolean => verb === "get" && kind === "Secret";

/**
 * Calls so far, watches not counted: `all` but renewals of the Lease, or only those about Tenants and the objects of
 * their vaults.
 */
export const callsIn = (samples: Samples, whose: "all" | "tenants" = "all"): Calls => {
  const counts = (verb: string, kind: string): boolean =>
    whose === "all" ? kind !== "Lease" : !notOfTenants.has(kind) && !isForServer(verb, kind);
  const count = (verbs: ReadonlySet<string>): number =>
    samples.sum(
      "polyphony_kube_request_seconds_count",
      ({ verb = "", kind = "" }) => verbs.has(verb) && counts(verb, kind),
    );
  return { reads: count(reads), writes: count(writes) };
};

/** What the writes were, as "verb Kind", where there were any between two moments. */
export const writesBetween = (before: Samples, after: Samples): string[] => {
  const name = "polyphony_kube_request_seconds_count";
  const countIn = (samples: Samples, verb: string, kind: string): number =>
    samples.sum(name, (labels) => labels["verb"] === verb && labels["kind"] === kind);
  const pairs = new Map(after.labelled(name).map(({ verb = "", kind = "" }) => [`${verb} ${kind}`, { verb, kind }]));
  return [...pairs]
    .filter(([, { verb, kind }]) => writes.has(verb) && kind !== "Lease")
    .filter(([, { verb, kind }]) => countIn(after, verb, kind) > countIn(before, verb, kind))
    .map(([text]) => text);
};

export const tenantRuns = (samples: Samples): number =>
  samples.sum("polyphony_reconcile_seconds_count", ({ controller }) => controller === "tenant");

/** User and system time, in microseconds. */
export const cpuMicros = (samples: Samples): number => samples.sum("process_cpu_seconds_total") * 1e6;

const isIdle = (samples: Samples): boolean =>
  samples.sum("polyphony_leader_epoch") > 0 &&
  samples.sum("polyphony_queue_depth", ({ controller }) => controller === "tenant") === 0 &&
  samples.sum("polyphony_reconciles_running", ({ controller }) => controller === "tenant") === 0;

const fetchText = (port: number, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, timeout: 5000 }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on("data", (chunk: Buffer) => chunks.push(chunk));
      reply.on("error", reject);
      reply.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
    asked.on("error", reject);
    asked.end();
  });

const environment = ({ folder, kubeconfig }: World, port: number): Record<string, string> => ({
  NAMESPACE: systemNamespace,
  PUBLIC_URL_TEMPLATE: "http://{slug}.polyphony.localhost:8080",
  MASTER_KEY_FILE: join(folder, "master-key"),
  MAIL_FROM: "Polyphony <no-reply@example.org>",
  KUBECONFIG: kubeconfig,
  PORT: String(port),
  LOG_LEVEL: "warn",
  // As in the image.
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "131072",
});

/** As in the image; and a profile is written into the folder that PROFILE names. */
const nodeOptions = (): string[] => {
  const folder = process.env["PROFILE"];
  return [
    "--max-semi-space-size=2",
    "--optimize-for-size",
    ...(folder ? ["--cpu-prof", `--cpu-prof-dir=${folder}`] : []),
  ];
};

const memoryOf = async (pid: number, what: "VmRSS" | "RssFile"): Promise<number> => {
  const status = await readFile(`/proc/${String(pid)}/status`, "utf8");
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1] ?? NaN) / 1024;
};

/** Starts the operator; resolves as soon as the process runs. */
export const spawnOperator = async (world: World): Promise<OperatorProcess> => {
  const [port = 0] = await freePorts(1);
  const logFile = join(world.folder, "operator.log");
  const part = startPart({
    name: "operator",
    program: process.execPath,
    args: [...nodeOptions(), join(world.folder, "operator.mjs")],
    env: environment(world, port),
    logFile,
  });
  const samples = async (): Promise<Samples> => readSamples(await fetchText(port, "/metrics"));
  const idle: OperatorProcess["idle"] = async (runs, { everyMs = 25 } = {}) => {
    const end = performance.now() + 300_000;
    while (performance.now() < end) {
      await part.assertRunning();
      const now = await samples().catch(() => undefined);
      if (now && isIdle(now) && tenantRuns(now) >= runs) return;
      await pause(everyMs);
    }
    throw new Error(`the operator was not idle after 5 minutes; its log is ${logFile}`);
  };
  return {
    pid: part.pid,
    samples,
    idle,
    residentMb: () => memoryOf(part.pid, "VmRSS"),
    fileBackedMb: () => memoryOf(part.pid, "RssFile"),
    stop: () => part.stop("SIGTERM"),
    kill: () => part.stop("SIGKILL"),
  };
};

/** Starts the operator and waits until it has looked at every Tenant once. */
export const startOperator = async (world: World, tenants = 0): Promise<OperatorProcess> => {
  const operator = await spawnOperator(world);
  await operator.idle(tenants);
  return operator;
};

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { kinds, type Job } from "../../kube/kinds.ts";
import type { Kube, PodLogs } from "../../kube/kube.ts";
import { announceEnd } from "./announce-end.ts";

/** Runs migration Jobs as real processes on this machine, where there is no kubelet, and keeps what they say. */
export interface JobRunner extends PodLogs {
  /** kill -9 of the worker that runs now; false when none does. */
  kill(): boolean;
  /** Of every worker so far: the databases of its list. */
  readonly lists: string[][];
  /** All that workers have written. */
  output(): string;
  stop(): Promise<void>;
}

export interface JobRunnerOptions {
  kube: Kube;
  namespace: string;
  /** The application's program; the Job's own arguments come after it. */
  command: readonly string[];
  /** Whether a Job controller makes the pods; else they are made here. */
  hasController: boolean;
  /** How often Jobs are looked for, in ms. */
  everyMs?: number;
}

const listFile = "databases.ndjson";

const isOver = ({ status }: Job): boolean =>
  status?.conditions?.some(({ type, status: value }) => ["Complete", "Failed"].includes(type) && value === "True") ??
  false;

export const startJobRunner = async ({
  kube,
  namespace,
  command,
  hasController,
  everyMs = 50,
}: JobRunnerOptions): Promise<JobRunner> => {
  const folder = await mkdtemp(join(tmpdir(), "polyphony-jobs-"));
  const logs = new Map<string, string>();
  const begun = new Set<string>();
  const lists: string[][] = [];
  const stopping = new AbortController();
  let worker: ChildProcess | null = null;

  const run = async (job: Job, list: string): Promise<void> => {
    const name = job.metadata?.name ?? "";
    const file = join(folder, `${name}.ndjson`);
    await writeFile(file, list);
    lists.push(
      list
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { id: string }).id),
    );
    const [program = "", ...first] = command;
    const args = (job.spec?.template.spec?.containers[0]?.args ?? []).map((arg) =>
      arg.endsWith(listFile) ? file : arg,
    );
    const child = spawn(program, [...first, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    worker = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => logs.set(name, (logs.get(name) ?? "") + text));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    worker = null;
    if (!stopping.signal.aborted) await announceEnd(kube, { namespace, name }, code === 0, stopping.signal);
  };

  const look = async (): Promise<void> => {
    for (const job of await kube.list(kinds.job, { namespace })) {
      const { name = "", uid = "" } = job.metadata ?? {};
      if (begun.has(uid) || isOver(job)) continue;
      const secret = await kube.find(kinds.secret, { namespace, name });
      const list = Buffer.from(secret?.data?.[listFile] ?? "", "base64").toString("utf8");
      if (list === "") continue;
      await ensurePod(kube, { namespace, job: name, hasController });
      begun.add(uid);
      await run(job, list);
    }
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) => console.error("the job runner looks again:", error));
      await sleep(everyMs);
    }
  };
  const looping = loop();
  return {
    lists,
    output: () => [...logs.values()].join(""),
    // A pod's name begins with its Job's.
    podLog: ({ name }) => Promise.resolve([...logs].find(([job]) => name.startsWith(job))?.[1] ?? ""),
    kill: () => worker?.kill("SIGKILL") ?? false,
    stop: async () => {
      stopping.abort();
      worker?.kill("SIGKILL");
      await looping;
      await rm(folder, { recursive: true, force: true });
    },
  };
};

type PodWanted = { namespace: string; job: string; hasController: boolean };

const ensurePod = async (kube: Kube, { namespace, job, hasController }: PodWanted): Promise<void> => {
  const labels = { "batch.kubernetes.io/job-name": job };
  if (!hasController) {
    await kube.create(kinds.pod, { metadata: { namespace, name: `${job}-pod`, labels } });
    return;
  }
  const labelSelector = `batch.kubernetes.io/job-name=${job}`;
  while ((await kube.list(kinds.pod, { namespace, labelSelector })).length === 0) await sleep(50);
};

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** What identifies a process beyond doubt: its pid may be given to another one, but not at the same instant of the same boot. */
const ProcessRecord = z.object({
  pid: z.int().min(2),
  startTicks: z.string(),
  boot: z.string(),
  /** A hash of the program and its arguments: a running process with another one is out of date. */
  fingerprint: z.string(),
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;

const bootId = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

/** The 22nd field of /proc/<pid>/stat; the second (the name) is in brackets and may hold anything. Undefined for zombies too. */
export function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

export const isAlive = (record: ProcessRecord): boolean =>
  record.boot === bootId() && startTicks(record.pid) === record.startTicks;

/** The record in a file, or undefined when there is none that can be read. */
export async function readRecord(file: string): Promise<ProcessRecord | undefined> {
  const text = await readFile(file, "utf8").catch(() => "null");
  try {
    return ProcessRecord.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export const fingerprintOf = (...parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);

export interface RecordedProcess {
  program: string;
  args: readonly string[];
  /** Besides program and arguments, what the process depends on (such as its configuration file's text). */
  dependsOn?: readonly string[];
  logFile: string;
  recordFile: string;
  env?: Record<string, string>;
  /** A cgroup.procs file that the process writes itself into before it becomes the program. */
  cgroupProcs?: string;
}

export const wantedFingerprint = (wanted: RecordedProcess): string =>
  fingerprintOf(wanted.program, ...wanted.args, ...(wanted.dependsOn ?? []));

/** Starts a program that lives on without us, with its output appended to a log, and records which process it is. */
export async function startRecorded(wanted: RecordedProcess): Promise<ProcessRecord> {
  await mkdir(dirname(wanted.logFile), { recursive: true });
  await mkdir(dirname(wanted.recordFile), { recursive: true });
  const log = openSync(wanted.logFile, "a");
  const join = wanted.cgroupProcs ? `echo $$ > '${wanted.cgroupProcs}' && ` : "";
  const child = spawn("sh", ["-c", `${join}exec "$0" "$@"`, wanted.program, ...wanted.args], {
    detached: true,
    cwd: "/",
    stdio: ["ignore", log, log],
    env: { ...process.env, ...wanted.env },
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  child.unref();
  const pid = child.pid ?? 0;
  const record = {
    pid,
    startTicks: startTicks(pid) ?? "gone",
    boot: bootId(),
    fingerprint: wantedFingerprint(wanted),
  };
  await writeFile(`${wanted.recordFile}.new`, JSON.stringify(record));
  await rename(`${wanted.recordFile}.new`, wanted.recordFile);
  return record;
}

/** Ends a recorded process if it still is that one: SIGTERM, then SIGKILL after `graceMs`. Forgets the record. */
export async function stopRecorded(file: string, graceMs = 10_000): Promise<void> {
  const record = await readRecord(file);
  if (record && isAlive(record)) {
    signal(record.pid, "SIGTERM");
    const end = performance.now() + graceMs;
    while (isAlive(record) && performance.now() < end) await sleep(50);
    if (isAlive(record)) signal(record.pid, "SIGKILL");
    for (let waited = 0; isAlive(record) && waited < 5000; waited += 50) await sleep(50);
  }
  await rm(file, { force: true });
}

/** Sends a signal; a process that has just gone is what was wanted. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

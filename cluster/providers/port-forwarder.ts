import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureTools } from "../ensure-tools.ts";
import { checkoutFolder } from "../machine/folders.ts";
import {
  isAlive,
  readRecord,
  startRecorded,
  stopRecorded,
  wantedFingerprint,
  type RecordedProcess,
} from "../machine/process-record.ts";
import type { Progress } from "../machine/progress.ts";
import { lastLines } from "../machine/run-command.ts";
import { stateFiles } from "../state.ts";

/** Starts the forwarder through the API server, for clusters whose addresses this machine does not reach; one that runs stays. */
export async function startClusterForwarder(progress: Progress): Promise<void> {
  const kubectl = (await ensureTools(["kubectl"], progress))("kubectl");
  const file = join(checkoutFolder, "cluster", "forward.ts");
  const wanted: RecordedProcess = {
    program: process.execPath,
    args: [file, "--kubeconfig", stateFiles.kubeconfig, "--kubectl", kubectl, "--ready", stateFiles.forwarderReady],
    dependsOn: [await readFile(file, "utf8")],
    logFile: stateFiles.forwarderLog,
    recordFile: stateFiles.forwarder,
  };
  const running = await readRecord(wanted.recordFile);
  if (running && isAlive(running) && running.fingerprint === wantedFingerprint(wanted)) return;
  await stopRecorded(wanted.recordFile);
  progress.step("starting the forwarder");
  const record = await startRecorded(wanted);
  for (let waited = 0; waited < 10_000; waited += 50) {
    const ready = await readFile(stateFiles.forwarderReady, "utf8").catch(() => "");
    if (ready === String(record.pid)) return;
    if (!isAlive(record)) break;
    await sleep(50);
  }
  const said = await readFile(stateFiles.forwarderLog, "utf8").catch(() => "");
  throw new Error(`the forwarder did not start; its last lines are\n${lastLines(said, 8)}`);
}

export const stopClusterForwarder = () => stopRecorded(stateFiles.forwarder);

import { afterEach, describe, expect, it } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  isAlive,
  readRecord,
  signal,
  startRecorded,
  startTicks,
  stopRecorded,
  wantedFingerprint,
} from "./process-record.ts";

const folder = mkdtempSync(join(tmpdir(), "polyphony-record-"));
const sleeper = (seconds: string) => ({
  program: "sleep",
  args: [seconds],
  logFile: join(folder, "log"),
  recordFile: join(folder, "record.json"),
});

afterEach(async () => {
  await stopRecorded(join(folder, "record.json"));
  rmSync(folder, { recursive: true, force: true });
});

describe("a recorded process", () => {
  it("is found again by its record, and gone after stop", async () => {
    const wanted = sleeper("60");
    const started = await startRecorded(wanted);
    const found = await readRecord(wanted.recordFile);
    expect(found).toEqual(started);
    expect(found && isAlive(found)).toBe(true);
    await stopRecorded(wanted.recordFile);
    expect(isAlive(started)).toBe(false);
    expect(await readRecord(wanted.recordFile)).toBeUndefined();
  });

  it("is not mistaken for a later process with the same pid, nor for one of an earlier boot", async () => {
    const record = { pid: process.pid, startTicks: startTicks(process.pid) ?? "", boot: "", fingerprint: "" };
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    expect(isAlive({ ...record, boot })).toBe(true);
    expect(isAlive({ ...record, boot, startTicks: "1" })).toBe(false);
    expect(isAlive({ ...record, boot: "another" })).toBe(false);
    await Promise.resolve();
  });

  it("is out of date when its arguments or what it depends on have changed", () => {
    const print = wantedFingerprint(sleeper("60"));
    expect(wantedFingerprint(sleeper("61"))).not.toBe(print);
    expect(wantedFingerprint({ ...sleeper("60"), dependsOn: ["config"] })).not.toBe(print);
  });

  it("counts as gone after kill -9", async () => {
    const record = await startRecorded(sleeper("60"));
    signal(record.pid, "SIGKILL");
    for (let tries = 0; isAlive(record) && tries < 100; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAlive(record)).toBe(false);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds } from "../../kube/kinds.ts";
import { createLiveKube, type LiveKube } from "../../kube/live-kube.ts";

const namespace = `leader-${randomBytes(4).toString("hex")}`;
const kubeconfig = process.env["POLYPHONY_TEST_KUBECONFIG"] ?? "";
const program = fileURLToPath(new URL("../faults/leader-process.ts", import.meta.url));

interface Process {
  child: ChildProcess;
  /** Resolves with the line and when it came. */
  said(word: string, withinMs: number): Promise<{ line: string; atMs: number }>;
  ended: Promise<number | null>;
}

let kube: LiveKube;
const children: ChildProcess[] = [];

const start = (identity: string): Process => {
  const child = spawn(process.execPath, [program, kubeconfig, namespace, identity], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  children.push(child);
  const lines: { line: string; atMs: number }[] = [];
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString().split("\n").filter(Boolean)) lines.push({ line, atMs: performance.now() });
    for (const wake of waiting) wake();
  });
  const said: Process["said"] = async (word, withinMs) => {
    const end = performance.now() + withinMs;
    for (;;) {
      const found = lines.find(({ line }) => line.startsWith(word));
      if (found) return found;
      if (performance.now() > end) throw new Error(`${identity} did not say "${word}" within ${withinMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, said, ended: new Promise((resolve) => child.once("exit", resolve)) };
};

const epochOf = (line: string): number => Number(line.split(" ")[1]);
const written = async () => (await kube.get(kinds.configMap, { name: "written", namespace })).data ?? {};

beforeAll(async () => {
  kube = createLiveKube({ access: clusterAccess(kubeconfig), fieldManager: "test" });
  await kube.create(kinds.namespace, { metadata: { name: namespace } });
  await kube.create(kinds.configMap, { metadata: { name: "written", namespace } });
}, 60_000);
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
  await kube.delete(kinds.lease, { name: "leader", namespace }).catch(ignoreNotFound);
});
afterAll(async () => {
  await kube.delete(kinds.namespace, { name: namespace }).catch(ignoreNotFound);
  kube.close();
});

describe("two operators on one Lease", () => {
  it("fault 16: one leads; killed, the other leads within 30 s under a higher epoch", async () => {
    const a = start("a");
    const first = await a.said("leading", 20_000);
    const b = start("b");
    await expect(b.said("leading", 5000)).rejects.toThrow();
    a.child.kill("SIGKILL");
    const killedAt = performance.now();
    const second = await b.said("leading", 30_000);
    expect(second.atMs - killedAt).toBeLessThan(30_000);
    expect(epochOf(second.line)).toBeGreaterThan(epochOf(first.line));
  }, 90_000);

  it("fault 16: asked to stop, it gives the Lease back and the other leads about a second later", async () => {
    const a = start("a");
    await a.said("leading", 20_000);
    const b = start("b");
    await expect(b.said("leading", 3000)).rejects.toThrow();
    a.child.kill("SIGTERM");
    const released = await a.said("released", 5000);
    const second = await b.said("leading", 5000);
    expect(second.atMs - released.atMs).toBeLessThan(2000);
    expect(await a.ended).toBe(0);
  }, 60_000);

  it("fault 16: a leader stopped for a while (SIGSTOP) wakes up, writes nothing and ends with 1", async () => {
    const a = start("a");
    await a.said("leading", 20_000);
    a.child.kill("SIGSTOP");
    const b = start("b");
    const second = await b.said("leading", 30_000);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await written())["writer"]).toBe("b");
    a.child.kill("SIGCONT");
    await a.said("lost", 5000);
    expect(await a.ended).toBe(1);
    for (let look = 0; look < 10; look += 1) {
      expect(await written()).toMatchObject({ writer: "b", epoch: String(epochOf(second.line)) });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }, 90_000);

  it("fault 16: a deleted Lease ends the leader, and the next epoch is higher still", async () => {
    const a = start("a");
    const first = await a.said("leading", 20_000);
    await kube.delete(kinds.lease, { name: "leader", namespace });
    await a.said("lost", 10_000);
    expect(await a.ended).toBe(1);
    const b = start("b");
    const second = await b.said("leading", 30_000);
    expect(epochOf(second.line)).toBeGreaterThan(epochOf(first.line));
  }, 60_000);
});

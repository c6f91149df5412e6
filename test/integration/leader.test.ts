import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds } from "../../kube/kinds.ts";
import { createLiveKube, type LiveKube } from "../../kube/live-kube.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";

const namespace = `leader-${randomBytes(4).toString("hex")}`;
const kubeconfig = started.kubeconfig();
const program = fileURLToPath(new URL("../faults/leader-process.ts", import.meta.url));

interface Process {
  child: ChildProcess;
  /** Resolves with the line and when it came. */
  said(word: string, withinMs?: number): Promise<{ line: string; atMs: number }>;
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
  child.stdout.on("data", (chunk: Buffer) => {
    for (const line of chunk.toString().split("\n").filter(Boolean)) lines.push({ line, atMs: performance.now() });
  });
  const said: Process["said"] = (word, withinMs = 60_000) =>
    eventually(`${identity} says "${word}"`, () => Promise.resolve(lines.find(({ line }) => line.startsWith(word))), {
      withinMs,
      everyMs: 20,
    });
  return { child, said, ended: new Promise((resolve) => child.once("exit", resolve)) };
};

/** For so long a Lease that was not given back keeps others out. */
const leaseMs = 15_000;
const epochOf = (line: string): number => Number(line.split(" ")[1]);
const written = async () => (await kube.get(kinds.configMap, { name: "written", namespace })).data ?? {};

beforeAll(async () => {
  kube = createLiveKube({ access: clusterAccess(kubeconfig), fieldManager: "test" });
  await kube.create(kinds.namespace, { metadata: { name: namespace } });
  await kube.create(kinds.configMap, { metadata: { name: "written", namespace } });
});
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
    const first = await a.said("leading");
    const b = start("b");
    await expect(b.said("leading", 5000)).rejects.toThrow();
    a.child.kill("SIGKILL");
    const killedAt = performance.now();
    const second = await b.said("leading");
    expect(second.atMs - killedAt).toBeLessThan(30_000);
    expect(epochOf(second.line)).toBeGreaterThan(epochOf(first.line));
  });

  it("fault 16: asked to stop, it gives the Lease back and the other leads without waiting for its end", async () => {
    const a = start("a");
    await a.said("leading");
    const b = start("b");
    await expect(b.said("leading", 3000)).rejects.toThrow();
    a.child.kill("SIGTERM");
    const released = await a.said("released");
    const second = await b.said("leading");
    expect(second.atMs - released.atMs).toBeLessThan(leaseMs);
    expect(await a.ended).toBe(0);
  });

  it("fault 16: a leader stopped for a while (SIGSTOP) wakes up, writes nothing and ends with 1", async () => {
    const a = start("a");
    await a.said("leading");
    a.child.kill("SIGSTOP");
    const b = start("b");
    const second = await b.said("leading");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await written())["writer"]).toBe("b");
    a.child.kill("SIGCONT");
    await a.said("lost");
    expect(await a.ended).toBe(1);
    for (let look = 0; look < 10; look += 1) {
      expect(await written()).toMatchObject({ writer: "b", epoch: String(epochOf(second.line)) });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  it("fault 16: a deleted Lease ends the leader, and the next epoch is higher still", async () => {
    const a = start("a");
    const first = await a.said("leading");
    await kube.delete(kinds.lease, { name: "leader", namespace });
    await a.said("lost");
    expect(await a.ended).toBe(1);
    const b = start("b");
    const second = await b.said("leading");
    expect(epochOf(second.line)).toBeGreaterThan(epochOf(first.line));
  });
});

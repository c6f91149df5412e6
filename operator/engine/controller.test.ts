import { afterEach, describe, expect, it } from "@jest/globals";
import { TooManyRequestsError } from "../../kube/errors.ts";
import { createFakeKube, type FakeKube } from "../../kube/fake-kube.ts";
import { type FakeTimer, fakeTimer } from "../../kube/fake-timer.ts";
import { type ConfigMap, kinds } from "../../kube/kinds.ts";
import { createReflector, type Reflector } from "../../kube/reflector.ts";
import { done, type Outcome, RetryableError, StalledError, wait } from "../outcome.ts";
import { type Controller, type ControllerOptions, createController, from, type Observed } from "./controller.ts";
import { silentLog } from "./log.ts";

interface Scene {
  kube: FakeKube;
  timer: FakeTimer;
  controller: Controller;
  reflector: Reflector<{ value: string; generation: string }>;
  runs: string[];
  observed: Observed[];
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const configMap = (name: string, value = "1", generation = "1"): ConfigMap => ({
  metadata: { name, namespace: "default", labels: { generation } },
  data: { value },
});

const aScene = (
  outcome: (key: string, run: number) => Outcome | Promise<Outcome> = () => done(),
  options: Partial<ControllerOptions> = {},
): Scene => {
  const timer = fakeTimer();
  const kube = createFakeKube({ timer });
  const runs: string[] = [];
  const observed: Observed[] = [];
  const reflector = createReflector({
    kube,
    kind: kinds.configMap,
    timer,
    random: () => 0,
    project: (object: ConfigMap) => ({
      value: object.data?.["value"] ?? "",
      generation: object.metadata?.labels?.["generation"] ?? "",
    }),
  });
  const controller = createController({
    name: "test",
    // Only another generation matters: what a reconcile writes itself brings nobody back.
    sources: [from(reflector, ({ key, old, now }) => (old?.generation === now?.generation ? [] : [key]))],
    reconcile: (key) => Promise.resolve(outcome(key, runs.push(key))),
    log: silentLog(),
    timer,
    random: () => 0,
    observe: (one) => void observed.push(one),
    ...options,
  });
  stops.push(async () => {
    const stopped = controller.stop(0);
    await timer.advance(5000);
    await stopped;
  });
  return { kube, timer, controller, reflector, runs, observed };
};

const started = async (scene: Scene): Promise<Scene> => {
  const start = scene.controller.start();
  await scene.timer.advance(100);
  await start;
  await scene.timer.settle();
  return scene;
};

describe("createController", () => {
  it("K10: reconciles what is there at the start, then what changes, and nothing in a steady state", async () => {
    const scene = aScene();
    const { kube, timer, runs } = scene;
    await kube.create(kinds.configMap, configMap("a"));
    await started(scene);
    expect(runs).toEqual(["default/a"]);
    await kube.create(kinds.configMap, configMap("b"));
    await timer.settle();
    await kube.patch(
      kinds.configMap,
      { name: "a", namespace: "default" },
      { metadata: { labels: { generation: "2" } } },
    );
    await timer.settle();
    expect(runs).toEqual(["default/a", "default/b", "default/a"]);
    await timer.advance(3_600_000);
    expect(runs).toHaveLength(3);
  });

  it("K10: a change that its source's mapping does not name (a status, our own write) brings no reconcile", async () => {
    const scene = await started(aScene());
    await scene.kube.create(kinds.configMap, configMap("a"));
    await scene.timer.settle();
    await scene.kube.patch(kinds.configMap, { name: "a", namespace: "default" }, { data: { value: "2" } });
    await scene.timer.settle();
    expect(scene.runs).toEqual(["default/a"]);
  });

  it("wait, stalled and failed each bring the key back in their own time", async () => {
    const at: Record<string, number[]> = { wait: [], stalled: [], failed: [] };
    const scene = aScene((key) => {
      at[key]?.push(scene.timer.monotonicMs());
      if (key === "wait") return wait(5000, "DatabasePending", "copying");
      if (key === "stalled") throw new StalledError("NoDatabaseServer", "name a server");
      throw new RetryableError("DatabaseServerUnreachable", "the server is away");
    });
    await started(scene);
    const origin = scene.timer.monotonicMs();
    for (const key of Object.keys(at)) scene.controller.enqueue(key);
    await scene.timer.advance(11_000);
    const since = (key: string): number[] => (at[key] ?? []).map((time) => Math.round(time - origin));
    expect(since("wait")).toEqual([0, 5000, 10_000]);
    expect(since("stalled")).toEqual([0]);
    expect(since("failed")).toEqual([0, 500, 1500, 3500, 7500]);
    await scene.timer.advance(600_000);
    expect(since("stalled")).toEqual([0, 600_000]);
    const reasons = new Set(scene.observed.map((one) => `${one.outcome} ${one.reason}`));
    expect(reasons).toEqual(
      new Set(["wait DatabasePending", "stalled NoDatabaseServer", "failed DatabaseServerUnreachable"]),
    );
  });

  it("fault 12: after a 429, even deep in the causes, a key waits for what the server asked", async () => {
    const call = { verb: "apply", kind: "Secret" };
    const scene = aScene(() => {
      throw new RetryableError("KubernetesBusy", "busy", { cause: new TooManyRequestsError(call, "busy", 20_000) });
    });
    await started(scene);
    scene.controller.enqueue("a");
    await scene.timer.advance(19_000);
    expect(scene.runs).toHaveLength(1);
    await scene.timer.advance(2000);
    expect(scene.runs).toHaveLength(2);
  });

  it("a reconcile that takes too long is aborted and counted as failed", async () => {
    const scene = aScene(undefined, {
      reconcileTimeoutMs: 30_000,
      reconcile: (_key, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    });
    await started(scene);
    scene.controller.enqueue("slow");
    await scene.timer.advance(31_000);
    expect(scene.observed).toMatchObject([{ outcome: "failed", reason: "UnexpectedError" }]);
    expect(scene.controller.problem()).toBeUndefined();
  });

  it("is not alive any more when a reconcile obeys nothing, or when its watch hangs", async () => {
    const scene = aScene(undefined, { reconcileTimeoutMs: 10_000, reconcile: () => new Promise(() => undefined) });
    await started(scene);
    scene.controller.enqueue("stuck");
    await scene.timer.advance(21_000);
    expect(scene.controller.problem()).toMatch(/runs for 21 s and does not obey/);
    const hung = aScene();
    hung.kube.listPage = () => new Promise(() => undefined);
    void hung.controller.start();
    await hung.timer.advance(200_000);
    expect(hung.controller.problem()).toMatch(/watch of configmaps hangs/);
    stops.pop();
  });

  it("fault 8: an API server that is away for ten minutes is no reason to be restarted", async () => {
    const scene = await started(aScene());
    scene.kube.intercept((call) => {
      throw new TooManyRequestsError(call, "away", 1000);
    });
    scene.kube.breakWatches();
    await scene.timer.advance(600_000);
    expect(scene.controller.problem()).toBeUndefined();
    scene.kube.intercept(undefined);
    await scene.kube.create(kinds.configMap, configMap("after"));
    await scene.timer.advance(60_000);
    expect(scene.runs).toEqual(["default/after"]);
  });

  it("a graceful stop finishes what runs, and aborts it at the deadline", async () => {
    const ends: string[] = [];
    const scene = aScene(undefined, {
      reconcile: (key, { signal }) =>
        new Promise((resolve) => {
          const cancel = scene.timer.after(3000, () => {
            ends.push(`${key} finished`);
            resolve(done());
          });
          signal.addEventListener("abort", () => {
            if (ends.includes(`${key} finished`)) return;
            cancel();
            ends.push(`${key} aborted`);
            resolve(done());
          });
        }),
    });
    await started(scene);
    scene.controller.enqueue("quick");
    await scene.timer.advance(2000);
    scene.controller.enqueue("slow");
    let stopped = false;
    void scene.controller.stop(2000).then(() => (stopped = true));
    scene.controller.enqueue("late");
    await scene.timer.advance(1500);
    expect(ends).toEqual(["quick finished"]);
    expect(stopped).toBe(false);
    await scene.timer.advance(600);
    expect(ends).toEqual(["quick finished", "slow aborted"]);
    expect(stopped).toBe(true);
  });

  it("fault 16: when leadership is lost, running reconciles see it at once and nothing new begins", async () => {
    const lost = new AbortController();
    const seen: unknown[] = [];
    const scene = aScene(undefined, {
      signal: lost.signal,
      reconcile: (_key, { signal }) =>
        new Promise((resolve) =>
          signal.addEventListener("abort", () => {
            seen.push(signal.reason);
            resolve(done());
          }),
        ),
    });
    await started(scene);
    scene.controller.enqueue("a");
    lost.abort(new Error("another leads"));
    scene.controller.enqueue("b");
    await scene.timer.advance(1000);
    expect(seen).toEqual([new Error("another leads")]);
    expect(scene.controller.gauges.running()).toBe(0);
  });
});

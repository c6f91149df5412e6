import { describe, expect, it } from "@jest/globals";
import { type FakeTimer, fakeTimer } from "../../kube/fake-timer.ts";
import { createWorkQueue, type Verdict, type WorkQueue, type WorkQueueOptions } from "./work-queue.ts";

interface Scene {
  timer: FakeTimer;
  queue: WorkQueue;
  runs: string[];
  /** Open runs by key: call to end them. */
  open: Map<string, (verdict: Verdict) => void>;
}

/** A queue whose runs end at once with `verdict`, or (undefined) stay open until the test ends them. */
const aScene = (
  verdict: (key: string, failures: number) => Verdict | undefined = () => ({ kind: "forget" }),
  options: Partial<WorkQueueOptions> = {},
): Scene => {
  const timer = fakeTimer();
  const runs: string[] = [];
  const open = new Map<string, (verdict: Verdict) => void>();
  const queue = createWorkQueue({
    timer,
    concurrency: 2,
    random: () => 0,
    run: (key, failures) => {
      runs.push(key);
      const now = verdict(key, failures);
      return now ? Promise.resolve(now) : new Promise((resolve) => open.set(key, resolve));
    },
    ...options,
  });
  queue.start();
  return { timer, queue, runs, open };
};

const end = async ({ open, timer }: Scene, key: string, verdict: Verdict = { kind: "forget" }): Promise<void> => {
  open.get(key)?.(verdict);
  open.delete(key);
  await timer.settle();
};

describe("createWorkQueue", () => {
  it("K10: a key asked for many times while it waits runs once", async () => {
    const { timer, queue, runs } = aScene(undefined, { concurrency: 1 });
    for (let index = 0; index < 10; index += 1) queue.add("a");
    queue.add("b");
    await timer.settle();
    // The first run began with the first add; what was asked during it is one more run.
    expect(runs).toEqual(["a", "b", "a"]);
  });

  it("never runs a key twice at a time: a change during a run brings one more run after it", async () => {
    const scene = aScene(() => undefined);
    const { queue, runs } = scene;
    queue.add("a");
    queue.add("a");
    queue.add("a");
    expect(queue.running()).toBe(1);
    await end(scene, "a");
    expect(runs).toEqual(["a", "a"]);
    await end(scene, "a");
    expect(queue.running()).toBe(0);
    expect(queue.depth()).toBe(0);
  });

  it("keeps to its concurrency and serves in order of arrival", async () => {
    const scene = aScene(() => undefined);
    for (const key of ["a", "b", "c", "d"]) scene.queue.add(key);
    expect(scene.runs).toEqual(["a", "b"]);
    expect(scene.queue.depth()).toBe(2);
    await end(scene, "b");
    expect(scene.runs).toEqual(["a", "b", "c"]);
  });

  it("what a listing brings waits behind changes, but is not starved by them", async () => {
    const { timer, queue, runs } = aScene(undefined, { concurrency: 1 });
    const busy = createWorkQueue({
      timer,
      concurrency: 1,
      run: (key) => Promise.resolve(runs.push(key)).then(() => ({ kind: "forget" })),
    });
    for (let index = 0; index < 4; index += 1) busy.add(`old-${index}`, { lane: "background" });
    for (let index = 0; index < 6; index += 1) busy.add(`new-${index}`);
    busy.add("old-3");
    busy.start();
    await timer.settle();
    expect(runs).toEqual(["new-0", "new-1", "new-2", "old-0", "new-3", "new-4", "new-5", "old-1", "old-3", "old-2"]);
    expect(queue.depth()).toBe(0);
  });

  it("fault 12: backs off exponentially up to the longest wait, and a success starts it over", async () => {
    let failing = true;
    const times: number[] = [];
    const scene = aScene(() => {
      times.push(timer.monotonicMs());
      return failing ? { kind: "backoff" } : { kind: "forget" };
    });
    const { timer, queue } = scene;
    queue.add("a");
    await timer.advance(20_000);
    expect(times).toEqual([0, 500, 1500, 3500, 7500, 15_500]);
    await timer.advance(3_600_000);
    const last = times.slice(-2);
    expect((last[1] ?? 0) - (last[0] ?? 0)).toBe(300_000);
    failing = false;
    queue.add("a");
    await timer.advance(0);
    failing = true;
    times.length = 0;
    queue.add("a");
    await timer.advance(600);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(500);
  });

  it("fault 12: waits at least as long as a server asked for, with jitter on top", async () => {
    let runs = 0;
    const { timer, queue } = aScene(
      () => {
        runs += 1;
        return { kind: "backoff", atLeastMs: 8000 };
      },
      { random: () => 0.99 },
    );
    queue.add("a");
    await timer.advance(8000);
    expect(runs).toBe(1);
    await timer.advance(2000);
    expect(runs).toBe(2);
  });

  it("a change runs a key at once even while it backs off", async () => {
    const { timer, queue, runs } = aScene(() => ({ kind: "backoff", atLeastMs: 60_000 }));
    queue.add("a");
    await timer.advance(1000);
    queue.add("a");
    await timer.settle();
    expect(runs).toHaveLength(2);
    expect(queue.delayed()).toBe(1);
  });

  it("of two times for a key the earlier counts, and a run makes both pointless", async () => {
    const { timer, queue, runs } = aScene();
    queue.add("a", { afterMs: 5000 });
    queue.add("a", { afterMs: 1000 });
    queue.add("a", { afterMs: 3000 });
    await timer.advance(1000);
    expect(runs).toEqual(["a"]);
    await timer.advance(60_000);
    expect(runs).toEqual(["a"]);
  });

  it("ten thousand delayed keys cost one timer and come in order", async () => {
    const { timer, queue, runs } = aScene();
    for (let index = 9999; index >= 0; index -= 1) queue.add(String(index), { afterMs: 1000 + index / 100 });
    expect(timer.pending()).toBe(1);
    expect(queue.delayed()).toBe(10_000);
    await timer.advance(2000);
    expect(runs).toHaveLength(10_000);
    expect(runs.slice(0, 3)).toEqual(["0", "1", "2"]);
  });

  it("K10: a key that brings itself back without end is slowed down, others are not", async () => {
    const { timer, queue, runs } = aScene((key) => {
      if (key === "hot" && runs.length < 500) queue.add("hot");
      return { kind: "forget" };
    });
    queue.add("hot");
    await timer.advance(10_000);
    expect(runs.length).toBeLessThanOrEqual(35);
    queue.add("calm");
    await timer.settle();
    expect(runs.at(-1)).toBe("calm");
  });

  it("an outcome that wants the key again at once still waits a moment", async () => {
    const { timer, queue, runs } = aScene(() => ({ kind: "again", afterMs: 0 }));
    queue.add("a");
    await timer.advance(1000);
    expect(runs.length).toBeLessThanOrEqual(11);
  });

  it("tells depth, age of the oldest and the longest run", async () => {
    const scene = aScene(() => undefined);
    const { timer, queue } = scene;
    for (const key of ["a", "b", "c"]) queue.add(key);
    await timer.advance(700);
    queue.add("d");
    await timer.advance(300);
    expect([queue.depth(), queue.ageMs(), queue.longestRunMs()]).toEqual([2, 1000, 1000]);
    for (const key of ["a", "b", "c", "d"]) await end(scene, key);
    expect([queue.depth(), queue.ageMs(), queue.longestRunMs()]).toEqual([0, 0, 0]);
  });

  it("stop lets running keys end and begins no others", async () => {
    const scene = aScene(() => undefined, { concurrency: 1 });
    const { queue, runs, timer } = scene;
    queue.add("a");
    queue.add("b");
    queue.add("later", { afterMs: 1000 });
    let stopped = false;
    void queue.stop().then(() => (stopped = true));
    await timer.advance(5000);
    expect(stopped).toBe(false);
    await end(scene, "a");
    expect(stopped).toBe(true);
    expect(runs).toEqual(["a"]);
    expect(timer.pending()).toBe(0);
  });
});

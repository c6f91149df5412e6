import { describe, expect, it } from "@jest/globals";
import { ServerError, TooManyRequestsError } from "./errors.ts";
import { createFakeKube, type FakeKube } from "./fake-kube.ts";
import { type FakeTimer, fakeTimer } from "./fake-timer.ts";
import { type ConfigMap, kinds } from "./kinds.ts";
import { createReflector, type Reflector, type ReflectorOptions } from "./reflector.ts";

const configMap = (name: string, value = "1"): ConfigMap => ({
  metadata: { name, namespace: "default" },
  data: { value },
});

interface Scene {
  kube: FakeKube;
  timer: FakeTimer;
  reflector: Reflector<string>;
  seen: string[];
}

const aScene = (options: Partial<ReflectorOptions<ConfigMap, string>> = {}): Scene => {
  const timer = fakeTimer();
  const kube = createFakeKube({ timer });
  const reflector = createReflector({
    kube,
    kind: kinds.configMap,
    project: (object: ConfigMap) => object.data?.["value"],
    timer,
    random: () => 0.5,
    ...options,
  });
  const seen: string[] = [];
  reflector.subscribe((change) =>
    seen.push(`${change.type} ${change.key} ${change.now ?? change.old} ${change.source}`),
  );
  return { kube, timer, reflector, seen };
};

const count = (kube: FakeKube, verb: string): number => kube.calls.filter((call) => call.verb === verb).length;

describe("createReflector", () => {
  it("K10: lists in pages, then follows the watch, and keeps projections only", async () => {
    const { kube, timer, reflector, seen } = aScene({ pageSize: 2 });
    for (const name of ["a", "b", "c"]) await kube.create(kinds.configMap, configMap(name));
    reflector.start();
    await timer.advance(200);
    expect(reflector.synced()).toBe(true);
    await kube.apply(kinds.configMap, configMap("a", "2"), { force: true });
    await kube.delete(kinds.configMap, { name: "b", namespace: "default" });
    await timer.settle();
    expect(seen).toEqual([
      "added default/a 1 list",
      "added default/b 1 list",
      "added default/c 1 list",
      "modified default/a 2 watch",
      "deleted default/b 1 watch",
    ]);
    expect(reflector.get("default/a")).toMatchObject({ key: "default/a", value: "2" });
    expect(reflector.size).toBe(2);
    expect(count(kube, "list")).toBe(2);
    await reflector.stop();
    expect(kube.watching).toBe(0);
  });

  it("a late subscriber is told first what is there already", async () => {
    const { kube, timer, reflector } = aScene();
    await kube.create(kinds.configMap, configMap("a"));
    reflector.start();
    await timer.advance(200);
    const late: string[] = [];
    const stop = reflector.subscribe((change) => late.push(`${change.type} ${change.key}`));
    stop();
    await kube.create(kinds.configMap, configMap("b"));
    await timer.settle();
    expect(late).toEqual(["added default/a"]);
    await reflector.stop();
  });

  it("finds by index, and keeps the index in step", async () => {
    const { kube, timer, reflector } = aScene({ indexes: { byValue: (value) => [value] } });
    await kube.create(kinds.configMap, configMap("a", "x"));
    await kube.create(kinds.configMap, configMap("b", "x"));
    reflector.start();
    await timer.advance(200);
    expect(reflector.byIndex("byValue", "x").map((one) => one.key)).toEqual(["default/a", "default/b"]);
    await kube.patch(kinds.configMap, { name: "a", namespace: "default" }, { data: { value: "y" } });
    await timer.settle();
    expect(reflector.byIndex("byValue", "x").map((one) => one.key)).toEqual(["default/b"]);
    expect(reflector.byIndex("byValue", "y")).toHaveLength(1);
    expect(() => reflector.byIndex("nothing", "x")).toThrow(/no index "nothing"/);
    await reflector.stop();
  });

  it("fault 8: goes on from the last version after a broken watch, without a new list", async () => {
    const { kube, timer, reflector, seen } = aScene();
    reflector.start();
    await timer.advance(200);
    kube.breakWatches();
    await kube.create(kinds.configMap, configMap("missed"));
    await timer.advance(2000);
    expect(seen).toEqual(["added default/missed 1 watch"]);
    expect(count(kube, "list")).toBe(1);
    await reflector.stop();
  });

  it("fault 13: a watch without a word is given up within 60 s, and what it missed is caught up", async () => {
    const silent: string[] = [];
    const { kube, timer, reflector, seen } = aScene({ notice: (notice) => silent.push(notice.what), random: () => 1 });
    reflector.start();
    await timer.advance(200);
    kube.freezeWatches();
    await kube.create(kinds.configMap, configMap("missed"));
    await timer.advance(40_000);
    expect(seen).toEqual([]);
    expect(reflector.watchAgeMs()).toBeGreaterThan(39_000);
    await timer.advance(20_000);
    expect(silent).toContain("watch-silent");
    expect(seen).toEqual(["added default/missed 1 watch"]);
    expect(reflector.watchAgeMs()).toBeLessThan(15_000);
    await reflector.stop();
  });

  it("fault 13: a version that is gone leads to a relist, and missed deletions are told one by one", async () => {
    const { kube, timer, reflector, seen } = aScene();
    await kube.create(kinds.configMap, configMap("a"));
    await kube.create(kinds.configMap, configMap("b"));
    reflector.start();
    await timer.advance(200);
    seen.length = 0;
    kube.intercept((call) => {
      if (call.verb === "watch") throw new ServerError(call, 503, "restarting");
    });
    kube.breakWatches();
    await timer.settle();
    await kube.delete(kinds.configMap, { name: "a", namespace: "default" });
    await kube.delete(kinds.configMap, { name: "b", namespace: "default" });
    await kube.create(kinds.configMap, configMap("b", "new"));
    kube.compact();
    kube.intercept(undefined);
    await timer.advance(10_000);
    expect(seen).toEqual(["deleted default/b 1 relist", "added default/b new relist", "deleted default/a 1 relist"]);
    await reflector.stop();
  });

  it("fault 8: an empty list after many objects is asked for again before it is believed", async () => {
    const { kube, timer, reflector, seen } = aScene({ relistMs: 60_000 });
    for (let index = 0; index < 20; index += 1) await kube.create(kinds.configMap, configMap(`m-${index}`));
    reflector.start();
    await timer.advance(200);
    seen.length = 0;
    const real = kube.listPage.bind(kube);
    let lies = 1;
    kube.listPage = async (kind, options) => {
      const page = await real(kind, options);
      lies -= 1;
      return lies >= 0 ? { ...page, items: [], continue: undefined } : page;
    };
    await timer.advance(120_000);
    expect(lies).toBeLessThan(0);
    expect(seen).toEqual([]);
    expect(reflector.size).toBe(20);
    await reflector.stop();
  });

  it("fault 14: a list older than what is known is refused", async () => {
    const { kube, timer, reflector, seen } = aScene({ relistMs: 60_000 });
    await kube.create(kinds.configMap, configMap("a"));
    reflector.start();
    await timer.advance(200);
    seen.length = 0;
    kube.listPage = () => Promise.resolve({ items: [], resourceVersion: "1" });
    await timer.advance(120_000);
    expect(seen).toEqual([]);
    expect(reflector.get("default/a")).toBeDefined();
    await reflector.stop();
  });

  it("fault 12: after a 429 it waits for Retry-After, and asks once per that time", async () => {
    const { kube, timer, reflector } = aScene();
    kube.intercept((call) => {
      throw new TooManyRequestsError(call, "busy", 8000);
    });
    reflector.start();
    await timer.advance(7000);
    expect(count(kube, "list")).toBe(1);
    await timer.advance(53_000);
    expect(count(kube, "list")).toBeLessThanOrEqual(8);
    kube.intercept(undefined);
    await timer.advance(60_000);
    expect(reflector.synced()).toBe(true);
    await reflector.stop();
  });

  it("fault 12: errors are backed off, with at most 30 s and jitter between attempts", async () => {
    const waits: number[] = [];
    const { kube, timer, reflector } = aScene({ notice: (notice) => waits.push(notice.retryInMs ?? 0) });
    kube.intercept((call) => {
      throw new ServerError(call, 500, "no");
    });
    reflector.start();
    await timer.advance(300_000);
    expect(waits[0]).toBe(625);
    expect(waits.slice(0, 4).every((wait, index) => index === 0 || wait === (waits[index - 1] ?? 0) * 2)).toBe(true);
    expect(Math.max(...waits)).toBe(37_500);
    expect(reflector.pulseAgeMs()).toBeLessThan(40_000);
    expect(reflector.watchAgeMs()).toBeGreaterThanOrEqual(300_000);
    await reflector.stop();
  });

  it("lists everything again now and then, and says nothing when nothing was missed", async () => {
    const { kube, timer, reflector, seen } = aScene({ relistMs: 60_000 });
    await kube.create(kinds.configMap, configMap("a"));
    reflector.start();
    await timer.advance(10 * 60_000);
    expect(count(kube, "list")).toBeGreaterThanOrEqual(5);
    expect(count(kube, "list")).toBeLessThanOrEqual(10);
    expect(seen).toEqual(["added default/a 1 list"]);
    await reflector.stop();
  });

  it("an object whose projection ends is deleted for the consumer", async () => {
    const { kube, timer, reflector, seen } = aScene();
    await kube.create(kinds.configMap, configMap("a"));
    reflector.start();
    await timer.advance(200);
    await kube.patch(kinds.configMap, { name: "a", namespace: "default" }, { data: { value: null } });
    await timer.settle();
    expect(seen).toEqual(["added default/a 1 list", "deleted default/a 1 watch"]);
    await reflector.stop();
  });

  it("a listener that throws harms nobody else", async () => {
    const failures: string[] = [];
    const { kube, timer, reflector, seen } = aScene({ listenerFailed: (_error, key) => failures.push(key) });
    reflector.subscribe(() => {
      throw new Error("mine");
    });
    reflector.start();
    await timer.advance(200);
    await kube.create(kinds.configMap, configMap("a"));
    await timer.settle();
    expect(failures).toEqual(["default/a"]);
    expect(seen).toHaveLength(1);
    await reflector.stop();
  });

  it("stopped before its first list, nobody waits for it for ever", async () => {
    const { kube, timer, reflector } = aScene();
    kube.intercept((call) => {
      throw new ServerError(call, 500, "no");
    });
    reflector.start();
    await timer.settle();
    const synced = reflector.whenSynced();
    await reflector.stop();
    await expect(synced).rejects.toThrow(/stopped before its first list/);
  });
});

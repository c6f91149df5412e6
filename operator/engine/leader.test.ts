import { describe, expect, it } from "@jest/globals";
import { ServerError } from "../../kube/errors.ts";
import { createFakeKube, type FakeKube } from "../../kube/fake-kube.ts";
import { type FakeTimer, fakeTimer } from "../../kube/fake-timer.ts";
import { kinds } from "../../kube/kinds.ts";
import { guardedKube } from "./guarded-kube.ts";
import { createLeader, type Leader, type Leadership, leaseName, LeadershipLostError } from "./leader.ts";
import { silentLog } from "./log.ts";

const ref = { namespace: "default", name: "operator" };

/** A process: its own view of time (frozen while stopped), one shared API server. */
const aProcess = (kube: FakeKube, timer: FakeTimer, identity: string): Leader =>
  createLeader({ kube, timer, identity, log: silentLog(), random: () => 0.5, ...ref });

interface Waiting {
  won: Leadership | undefined;
}

const waiting = (leader: Leader, signal = new AbortController().signal): Waiting => {
  const state: Waiting = { won: undefined };
  leader.acquire(signal).then(
    (leadership) => (state.won = leadership),
    () => undefined,
  );
  return state;
};

const aWorld = (): { kube: FakeKube; timer: FakeTimer } => {
  const timer = fakeTimer();
  return { timer, kube: createFakeKube({ timer }) };
};

/** A leader that was stopped for a minute, by a view of time of its own, and b, which leads since. */
const aReplacedLeader = async () => {
  const { kube, timer } = aWorld();
  const own = fakeTimer();
  const zombie = waiting(aProcess(kube, own, "zombie"));
  await own.settle();
  const b = waiting(aProcess(kube, timer, "b"));
  await timer.advance(60_000);
  return { kube, timer, own, zombie, b };
};

describe("createLeader", () => {
  it("K10: the first leads at once, the second waits as long as the first renews", async () => {
    const { kube, timer } = aWorld();
    const a = waiting(aProcess(kube, timer, "a"));
    await timer.settle();
    const b = waiting(aProcess(kube, timer, "b"));
    await timer.advance(600_000);
    expect(a.won?.holds()).toBe(true);
    expect(b.won).toBeUndefined();
  });

  it("fault 16: after a kill another leads within 30 s, under a higher epoch", async () => {
    const { kube, timer } = aWorld();
    const dying = createFakeKubeProcess(kube);
    const a = waiting(aProcess(dying.kube, timer, "a"));
    await timer.settle();
    const b = waiting(aProcess(kube, timer, "b"));
    await timer.advance(20_000);
    dying.kill();
    const before = timer.monotonicMs();
    await timer.advance(30_000);
    expect(b.won?.holds()).toBe(true);
    expect(b.won?.epoch).toBeGreaterThan(a.won?.epoch ?? Number.NaN);
    expect(timer.monotonicMs() - before).toBe(30_000);
  });

  it("fault 16: after a graceful stop another leads within about a second", async () => {
    const { kube, timer } = aWorld();
    const a = waiting(aProcess(kube, timer, "a"));
    await timer.settle();
    const b = waiting(aProcess(kube, timer, "b"));
    await timer.advance(10_000);
    await a.won?.release();
    expect(a.won?.holds()).toBe(false);
    await timer.advance(1200);
    expect(b.won?.holds()).toBe(true);
    expect(a.won?.signal.aborted).toBe(false);
  });

  it("fault 16: of two that take an abandoned Lease at the same moment one wins", async () => {
    const { kube, timer } = aWorld();
    const a = waiting(aProcess(kube, timer, "a"));
    const b = waiting(aProcess(kube, timer, "b"));
    await timer.advance(5000);
    expect([a.won, b.won].filter((won) => won?.holds())).toHaveLength(1);
  });

  it("fault 16: a leader that cannot renew stops after 10 s, before anybody takes over", async () => {
    const { kube, timer } = aWorld();
    const a = waiting(aProcess(kube, timer, "a"));
    await timer.settle();
    kube.intercept((call) => {
      throw new ServerError(call, 503, "etcd is away");
    });
    await timer.advance(9000);
    expect(a.won?.holds()).toBe(true);
    await timer.advance(2000);
    expect(a.won?.holds()).toBe(false);
    expect(a.won?.signal.reason).toBeInstanceOf(LeadershipLostError);
    expect((a.won?.signal.reason as Error).message).toMatch(/could not be renewed for 10 s/);
  });

  it("fault 12: a short outage is lived through", async () => {
    const { kube, timer } = aWorld();
    const a = waiting(aProcess(kube, timer, "a"));
    await timer.settle();
    kube.intercept((call) => {
      throw new ServerError(call, 503, "restarting");
    });
    await timer.advance(5000);
    kube.intercept(undefined);
    await timer.advance(60_000);
    expect(a.won?.holds()).toBe(true);
  });

  it("fault 16: a process that was stopped for a minute writes nothing when it wakes", async () => {
    const { kube, own, zombie, b } = await aReplacedLeader();
    expect(b.won?.holds()).toBe(true);
    // It wakes: time has passed, but none of its timers has fired yet.
    const woken = guardedKube(kube, () => zombie.won?.holds() ?? false);
    Object.assign(own, { monotonicMs: () => 60_000 });
    const write = woken.create(kinds.configMap, { metadata: { name: "late", namespace: "default" } });
    await expect(write).rejects.toThrow(LeadershipLostError);
    expect(zombie.won?.signal.aborted).toBe(true);
    expect(await kube.find(kinds.configMap, { name: "late", namespace: "default" })).toBeUndefined();
  });

  it("fault 16: a deleted Lease ends leadership, and the next epoch is higher all the same", async () => {
    const { kube, timer } = aWorld();
    const a = waiting(aProcess(kube, timer, "a"));
    await timer.advance(1000);
    await kube.delete(kinds.lease, ref);
    const b = waiting(aProcess(kube, timer, "b"));
    await timer.advance(6000);
    expect(a.won?.holds()).toBe(false);
    expect(b.won?.epoch).toBeGreaterThan(a.won?.epoch ?? Number.NaN);
  });

  it("fault 16: goes above an epoch that only the fence knows of, which was counted by a wrong clock before the Lease was deleted", async () => {
    const { kube, timer } = aWorld();
    const anHourAhead = timer.now().getTime() + 3_600_000;
    const a = waiting(aProcess(kube, timer, "a"));
    await timer.settle();
    expect(a.won?.epoch).toBeLessThan(anHourAhead);
    await a.won?.release(anHourAhead);
    const b = waiting(aProcess(kube, timer, "b"));
    await timer.advance(2000);
    expect(b.won?.epoch).toBe(anHourAhead + 1);
  });

  it("fault 16: whoever leads no more does not raise the epoch of whoever leads now", async () => {
    const { kube, timer, zombie, b } = await aReplacedLeader();
    await zombie.won?.release((b.won?.epoch ?? 0) + 5);
    await timer.advance(60_000);
    expect(b.won?.holds()).toBe(true);
    const lease = await kube.get(kinds.lease, ref);
    expect(lease.metadata?.annotations?.["polyphony.dev/epoch"]).toBe(String(b.won?.epoch));
  });

  it("fault 16: skewed wall clocks neither shorten nor prolong a leadership", async () => {
    const { kube, timer } = aWorld();
    const ahead = fakeTimer(new Date("2027-01-01T00:00:00Z"));
    const a = waiting(aProcess(kube, ahead, "a"));
    await ahead.settle();
    const b = waiting(aProcess(kube, timer, "b"));
    for (let second = 0; second < 60; second += 1) {
      await ahead.advance(1000);
      await timer.advance(1000);
      if (second === 30) ahead.skewWallClock(-400 * 24 * 3_600_000);
    }
    expect(a.won?.holds()).toBe(true);
    expect(b.won).toBeUndefined();
    // The one with the clock behind takes over: its epoch is still the higher one.
    await a.won?.release();
    await timer.advance(2000);
    expect(b.won?.epoch).toBeGreaterThan(a.won?.epoch ?? Number.NaN);
  });

  it("somebody who labels the Lease does not end a leadership; another holder in it does", async () => {
    const { kube, timer } = aWorld();
    const a = waiting(aProcess(kube, timer, "a"));
    await timer.settle();
    await kube.patch(kinds.lease, ref, { metadata: { labels: { seen: "yes" } } });
    await timer.advance(30_000);
    expect(a.won?.holds()).toBe(true);
    await kube.patch(kinds.lease, ref, { spec: { holderIdentity: "intruder" } });
    await timer.advance(6000);
    expect((a.won?.signal.reason as Error).message).toMatch(/intruder leads now/);
  });

  it("gives up waiting by the signal", async () => {
    const { kube, timer } = aWorld();
    waiting(aProcess(kube, timer, "a"));
    await timer.settle();
    const stop = new AbortController();
    const acquiring = aProcess(kube, timer, "b").acquire(stop.signal);
    await timer.advance(2000);
    stop.abort(new Error("stop"));
    await expect(acquiring).rejects.toThrow("stop");
  });
});

describe("leaseName", () => {
  it.each([
    ["polyphony-operator", "", "polyphony-operator"],
    ["polyphony-operator", "polyphony.dev/instance=e2e", "polyphony-operator-polyphony-dev-instance-e2e"],
    ["op", "a=B_c,d!=e", "op-a-b-c-d-e"],
    ["op", "x".repeat(100), `op-${"x".repeat(60)}`],
  ])("%s with selector %s is %s", (base, selector, name) => {
    expect(leaseName(base, selector)).toBe(name);
  });
});

/** The same API server through a process that can be killed: afterwards none of its calls arrives. */
const createFakeKubeProcess = (kube: FakeKube): { kube: FakeKube; kill: () => void } => {
  let alive = true;
  const gone = (): Promise<never> => new Promise(() => undefined);
  return {
    kube: {
      ...kube,
      replace: (kind, object, how) => (alive ? kube.replace(kind, object, how) : gone()),
      find: (kind, what, how) => (alive ? kube.find(kind, what, how) : gone()),
    },
    kill: () => void (alive = false),
  };
};

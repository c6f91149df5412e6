import { describe, expect, it } from "@jest/globals";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { fakeTimer } from "../../kube/fake-timer.ts";
import { kinds } from "../../kube/kinds.ts";
import { done } from "../outcome.ts";
import { createController } from "./controller.ts";
import { createLeader } from "./leader.ts";
import { silentLog } from "./log.ts";
import { runLeader } from "./run-leader.ts";

const aScene = () => {
  const timer = fakeTimer();
  const kube = createFakeKube({ timer });
  const log = silentLog();
  const leader = createLeader({ kube, timer, log, namespace: "default", name: "op", identity: "a", random: () => 0.5 });
  const steps: string[] = [];
  const stop = new AbortController();
  const running = runLeader({
    leader,
    log,
    stop: stop.signal,
    work: (leadership) => {
      const controller = createController({
        name: "test",
        sources: [],
        log,
        timer,
        signal: leadership.signal,
        reconcile: async (key, { signal }) => {
          steps.push(`${key} began`);
          await new Promise<void>((resolve) => {
            signal.addEventListener("abort", () => resolve());
            timer.after(2000, resolve);
          });
          steps.push(signal.aborted ? `${key} aborted` : `${key} ended`);
          return done();
        },
      });
      controller.enqueue("one");
      return { controllers: [controller], close: () => Promise.resolve(void steps.push("closed")) };
    },
  });
  return { timer, kube, steps, stop, running };
};

describe("runLeader", () => {
  it("a graceful stop finishes the work, closes, gives the Lease back, and ends with 0", async () => {
    const { timer, kube, steps, stop, running } = aScene();
    await timer.advance(1000);
    stop.abort();
    await timer.advance(5000);
    expect(await running).toBe(0);
    expect(steps).toEqual(["one began", "one ended", "closed"]);
    const lease = await kube.get(kinds.lease, { namespace: "default", name: "op" });
    expect(lease.spec?.holderIdentity).toBe("");
  });

  it("fault 16: losing the Lease drops all work at once and ends with 1", async () => {
    const { timer, kube, steps, running } = aScene();
    await timer.advance(1000);
    await kube.delete(kinds.lease, { namespace: "default", name: "op" });
    await timer.advance(10_000);
    expect(await running).toBe(1);
    expect(steps).toContain("one began");
    expect(steps).not.toContain("closed");
  });

  it("asked to stop while it waits, it ends with 0", async () => {
    const { timer, kube } = aScene();
    await timer.settle();
    const stop = new AbortController();
    const leader = createLeader({ kube, timer, log: silentLog(), namespace: "default", name: "op", identity: "b" });
    const running = runLeader({ leader, log: silentLog(), stop: stop.signal, work: () => ({ controllers: [] }) });
    await timer.advance(3000);
    stop.abort();
    expect(await running).toBe(0);
  });
});

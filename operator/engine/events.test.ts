import { describe, expect, it } from "@jest/globals";
import { ServerError } from "../../kube/errors.ts";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { fakeTimer } from "../../kube/fake-timer.ts";
import { kinds } from "../../kube/kinds.ts";
import { createEventRecorder, type Happening } from "./events.ts";
import { silentLog } from "./log.ts";

const tenant = { metadata: { name: "alto-ensemble", uid: "u-1" } };
const ready: Happening = { type: "Normal", reason: "Ready", action: "Provision", note: "the vault answers" };

const aScene = () => {
  const timer = fakeTimer();
  const kube = createFakeKube({ timer });
  const make = (instance = "operator-1") =>
    createEventRecorder({
      kube,
      timer,
      log: silentLog(),
      controller: "polyphony.dev/operator",
      instance,
      random: () => 0,
    });
  return { timer, kube, make, events: () => kube.list(kinds.event, { namespace: "default" }) };
};

describe("createEventRecorder", () => {
  it("K2: tells of a cluster-scoped object in the namespace default, with who, what and about whom", async () => {
    const { make, events } = aScene();
    const recorder = make();
    recorder.record(kinds.tenant, tenant, ready);
    await recorder.flush();
    expect(await events()).toMatchObject([
      {
        metadata: { namespace: "default" },
        reportingController: "polyphony.dev/operator",
        reportingInstance: "operator-1",
        eventTime: "2026-01-01T00:00:00.000000Z",
        regarding: { apiVersion: "polyphony.dev/v1alpha1", kind: "Tenant", name: "alto-ensemble", uid: "u-1" },
        ...ready,
      },
    ]);
  });

  it("K2: the same again makes no new Event: it is counted, at most once a minute", async () => {
    const { timer, kube, make, events } = aScene();
    const recorder = make();
    for (let second = 0; second < 180; second += 1) {
      recorder.record(kinds.tenant, tenant, ready);
      await timer.advance(1000);
    }
    await recorder.flush();
    expect(await events()).toHaveLength(1);
    expect(kube.writes().length).toBeLessThanOrEqual(4);
    expect((await events())[0]?.series?.count).toBeGreaterThan(100);
  });

  it("K2: a process that starts again adds to the Event of the one before", async () => {
    const { make, events } = aScene();
    for (const instance of ["operator-1", "operator-2"]) {
      const recorder = make(instance);
      recorder.record(kinds.tenant, tenant, ready);
      await recorder.flush();
    }
    expect(await events()).toHaveLength(1);
    expect((await events())[0]?.series?.count).toBe(2);
  });

  it("I10: an object with ever new messages gets 25 Events in ten minutes at most", async () => {
    const { timer, make, events } = aScene();
    const recorder = make();
    for (let index = 0; index < 100; index += 1) {
      recorder.record(kinds.tenant, tenant, { ...ready, note: `attempt ${index}` });
    }
    await recorder.flush();
    expect(await events()).toHaveLength(25);
    await timer.advance(600_000);
    recorder.record(kinds.tenant, tenant, { ...ready, note: "later" });
    await recorder.flush();
    expect(await events()).toHaveLength(26);
  });

  it("a refused Event harms nobody and is told again the next time", async () => {
    const { kube, make, events } = aScene();
    const recorder = make();
    kube.intercept((call) => {
      throw new ServerError(call, 500, "no");
    });
    recorder.record(kinds.tenant, tenant, ready);
    await recorder.flush();
    kube.intercept(undefined);
    recorder.record(kinds.tenant, tenant, ready);
    await recorder.flush();
    expect(await events()).toHaveLength(1);
  });

  it("shortens a note to what the server takes, without cutting a letter in two", async () => {
    const { make, events } = aScene();
    const recorder = make();
    recorder.record(kinds.tenant, tenant, { ...ready, note: "å".repeat(2000) });
    await recorder.flush();
    const note = (await events())[0]?.note ?? "";
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1024);
    expect(note).toMatch(/^å+…$/);
  });
});

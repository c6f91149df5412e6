import { describe, expect, it } from "@jest/globals";
import { fakeTimer } from "../../../kube/fake-timer.ts";
import type { TenantEvent } from "../deps.ts";
import { createDriftLedger, type Drift } from "./drift-ledger.ts";
import { watchDrift } from "./drift-watch.ts";

const drift = (changes: Partial<Drift> = {}): Drift => ({
  kind: "Deployment",
  name: "vault",
  what: "spec.replicas was changed by somebody",
  repair: "put back",
  ...changes,
});

const scene = () => {
  const timer = fakeTimer();
  const ledger = createDriftLedger(timer, () => undefined);
  const events: TenantEvent[] = [];
  const watch = (digest = "wanted") =>
    watchDrift({ vaultId: "v", digest, ledger, tell: (event) => void events.push(event) });
  const correct = (...drifts: Drift[]) => {
    const one = watch();
    for (const each of drifts) one.corrected(each);
    one.report();
    one.settle();
  };
  return { timer, events, watch, correct };
};

describe("one run over a vault (K3)", () => {
  it("is certain of drift only while what is wanted is what the vault was last brought to", () => {
    const { watch } = scene();
    expect(watch().suspicion).toBe("possible");
    watch().settle();
    expect(watch().suspicion).toBe("certain");
    expect(watch("another wish").suspicion).toBe("none");
  });

  it("tells each correction once", () => {
    const { events, correct } = scene();
    correct(drift());
    correct();
    expect(events).toEqual([
      {
        type: "Normal",
        reason: "DriftCorrected",
        message: "Deployment vault: spec.replicas was changed by somebody; put back.",
      },
    ]);
  });

  it("tells the loss of a namespace, and not of each thing in it", () => {
    const { events, correct } = scene();
    const gone = { what: "was deleted", repair: "made again" } as const;
    correct(drift({ ...gone, kind: "Namespace", name: "vault-1" }), drift(gone), drift({ ...gone, kind: "Secret" }));
    expect(events.map(({ message }) => message)).toEqual(["Namespace vault-1: was deleted; made again."]);
  });

  it("calls a fight by its name, leaves the thing alone for 30 s, and goes on with all others", async () => {
    const { events, watch, correct, timer } = scene();
    for (let at = 0; at < 6; at += 1) correct(drift());
    expect(events.map(({ reason }) => reason)).toEqual([...Array<string>(5).fill("DriftCorrected"), "DriftLoop"]);
    expect(events.at(-1)).toMatchObject({
      type: "Warning",
      message: expect.stringMatching(/changed by somebody, again/),
    });
    const next = watch();
    expect([next.holds(drift()), next.holds(drift({ kind: "Secret" }))]).toEqual([true, false]);
    expect(() => next.settle()).toThrow(expect.objectContaining({ reason: "DriftLoop", afterMs: 30_000 }));
    await timer.advance(30_000);
    expect(watch().holds(drift())).toBe(false);
  });

  it("holds nothing back when something else is wanted of the vault", () => {
    const { watch, correct } = scene();
    for (let at = 0; at < 6; at += 1) correct(drift());
    expect(watch("read-only now").holds(drift())).toBe(false);
  });
});

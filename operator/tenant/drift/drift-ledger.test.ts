import { describe, expect, it } from "@jest/globals";
import { fakeTimer } from "../../../kube/fake-timer.ts";
import { createDriftLedger, type DriftPlace } from "./drift-ledger.ts";

const place: DriftPlace = { vaultId: "v", kind: "Deployment", name: "vault" };

const aLedger = () => {
  const timer = fakeTimer();
  const counted: string[] = [];
  return { timer, counted, ledger: createDriftLedger(timer, (kind) => void counted.push(kind)) };
};

describe("the ledger of drift (K3)", () => {
  it("remembers what a vault was brought to, until it is gone", () => {
    const { ledger } = aLedger();
    expect(ledger.settledOn("v")).toBeUndefined();
    ledger.settle("v", "digest");
    expect(ledger.settledOn("v")).toBe("digest");
    ledger.forget("v");
    expect(ledger.settledOn("v")).toBeUndefined();
  });

  it("counts each correction by its kind", () => {
    const { ledger, counted } = aLedger();
    ledger.corrected(place);
    ledger.corrected({ ...place, kind: "Database" });
    expect(counted).toEqual(["Deployment", "Database"]);
  });

  it("calls it a loop at the sixth time in ten minutes, and then puts it back every 30 s only", async () => {
    const { ledger, timer } = aLedger();
    const loops = Array.from({ length: 6 }, () => ledger.corrected(place));
    expect(loops).toEqual([false, false, false, false, false, true]);
    expect(ledger.holdMs(place)).toBe(30_000);
    expect(ledger.holdMs({ ...place, name: "another" })).toBe(0);
    await timer.advance(30_000);
    expect(ledger.holdMs(place)).toBe(0);
    expect(ledger.corrected(place)).toBe(true);
  });

  it("forgives what stays quiet for ten minutes", async () => {
    const { ledger, timer } = aLedger();
    for (let at = 0; at < 6; at += 1) ledger.corrected(place);
    await timer.advance(600_000);
    expect(ledger.corrected(place)).toBe(false);
  });
});

import { describe, expect, it } from "@jest/globals";
import { createInFlight } from "./in-flight.ts";

const gate = () => Promise.withResolvers<undefined>();
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("createInFlight", () => {
  it("runs so many at a time, in order of arrival, also after failures", async () => {
    const limit = createInFlight(2);
    const gates = [gate(), gate(), gate(), gate()];
    const begun: number[] = [];
    const runs = gates.map(({ promise }, index) =>
      limit
        .run(() => {
          begun.push(index);
          return promise;
        })
        .catch(() => undefined),
    );
    await settle();
    expect([begun, limit.running, limit.waiting]).toEqual([[0, 1], 2, 2]);
    gates[1]?.reject(new Error("no"));
    await settle();
    expect(begun).toEqual([0, 1, 2]);
    for (const one of gates) one.resolve(undefined);
    await Promise.all(runs);
    expect([begun, limit.running, limit.waiting]).toEqual([[0, 1, 2, 3], 0, 0]);
  });

  it("who is aborted while waiting leaves the line and takes no place", async () => {
    const limit = createInFlight(1);
    const first = gate();
    const running = limit.run(() => first.promise);
    const stop = new AbortController();
    const waiting = limit.run(() => Promise.resolve("never"), stop.signal);
    stop.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    await expect(limit.run(() => Promise.resolve(1), stop.signal)).rejects.toThrow("stopped");
    expect(limit.waiting).toBe(0);
    first.resolve(undefined);
    await running;
    expect(await limit.run(() => Promise.resolve("next"))).toBe("next");
  });
});

import { describe, expect, it } from "@jest/globals";
import { resultsOf } from "./results.ts";

describe("R3: what a worker said", () => {
  it("is read line by line, the last word on each database counting, and all else passed over", () => {
    const log = [
      "starting",
      '{"id":"a","ok":true,"from":1,"to":2,"ms":4}',
      '{"id":"b","ok":false,"ms":5,"error":"lock timeout"}',
      '{"level":"warn","msg":"not a result"}',
      '{"id":"c","ok":false,"ms":0,"notStarted":true,"error":"asked to stop"}',
      '{"id":"d","ok":tr',
    ].join("\n");
    expect([...resultsOf(log).values()]).toEqual([
      { id: "a", ok: true, error: null },
      { id: "b", ok: false, error: "lock timeout" },
    ]);
  });
});

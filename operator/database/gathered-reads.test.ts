import { describe, expect, it } from "@jest/globals";
import { createGatheredReads } from "./gathered-reads.ts";

/** Readings that end when they are told to. */
const createDesk = () => {
  const readings: { keys: readonly string[]; end: (values: [string, number][]) => void; fail: (why: Error) => void }[] =
    [];
  const read = (keys: readonly string[]): Promise<ReadonlyMap<string, number>> =>
    new Promise((resolve, reject) => {
      readings.push({ keys, end: (values) => resolve(new Map(values)), fail: reject });
    });
  return { read, readings };
};

/** Lets everything happen that only waits for its turn. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("D1: readings of vault databases are gathered", () => {
  it("asks at once when nothing is under way", () => {
    const { read, readings } = createDesk();
    void createGatheredReads(read, 10)("a");
    expect(readings.map(({ keys }) => keys)).toEqual([["a"]]);
  });

  it("asks for all that came meanwhile with one question, each key once", async () => {
    const { read, readings } = createDesk();
    const ask = createGatheredReads(read, 10);
    const answers = [ask("a"), ask("b"), ask("c"), ask("b")];
    readings[0]?.end([["a", 1]]);
    await settled();
    expect(readings.map(({ keys }) => keys)).toEqual([["a"], ["b", "c"]]);
    readings[1]?.end([["b", 2]]);
    expect(await Promise.all(answers)).toEqual([1, 2, null, 2]);
  });

  it("gives nobody what was read before they asked", async () => {
    const { read, readings } = createDesk();
    const ask = createGatheredReads(read, 10);
    const [early, late] = [ask("a"), ask("a")];
    readings[0]?.end([["a", 1]]);
    await settled();
    readings[1]?.end([["a", 2]]);
    expect(await Promise.all([early, late])).toEqual([1, 2]);
  });

  it("asks for no more at a time than allowed", async () => {
    const { read, readings } = createDesk();
    const ask = createGatheredReads(read, 2);
    for (const key of ["a", "b", "c", "d"]) void ask(key);
    readings[0]?.end([]);
    await settled();
    readings[1]?.end([]);
    await settled();
    expect(readings.map(({ keys }) => keys)).toEqual([["a"], ["b", "c"], ["d"]]);
  });

  it("tells those who asked that it failed, and goes on with the others", async () => {
    const { read, readings } = createDesk();
    const ask = createGatheredReads(read, 10);
    const [first, second] = [ask("a"), ask("b")];
    readings[0]?.fail(new Error("gone"));
    await expect(first).rejects.toThrow("gone");
    readings[1]?.end([["b", 2]]);
    expect(await second).toBe(2);
  });
});

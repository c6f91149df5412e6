import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { writeNewest } from "./write-newest.ts";

/** Writes that end when the test says how. */
const aSlowTable = () => {
  const begun: string[] = [];
  const ends: PromiseWithResolvers<undefined>[] = [];
  return {
    begun,
    write: (value: string) => {
      begun.push(value);
      const end = Promise.withResolvers<undefined>();
      ends.push(end);
      return end.promise;
    },
    succeed: async () => {
      ends.shift()?.resolve(undefined);
      await turn();
    },
    fail: async () => {
      ends.shift()?.reject(new Error("the database is away"));
      await turn();
    },
  };
};

describe("writing the newest", () => {
  it("writes one at a time for each key, and of what came meanwhile only the last", async () => {
    const table = aSlowTable();
    const writer = writeNewest({ write: table.write, onTrouble: () => undefined });
    for (const value of ["a1", "a2", "a3"]) writer.put("a", value);
    writer.put("b", "b1");
    expect(table.begun).toEqual(["a1", "b1"]);
    await table.succeed();
    await table.succeed();
    expect(table.begun).toEqual(["a1", "b1", "a3"]);
    await table.succeed();
    await writer.stop();
  });

  it("tells of what fails, and tries again with what is the newest then", async () => {
    const table = aSlowTable();
    const troubles: unknown[] = [];
    const writer = writeNewest({ write: table.write, onTrouble: (error) => troubles.push(error), pauseMs: 0 });
    writer.put("a", "a1");
    writer.put("a", "a2");
    await table.fail();
    while (table.begun.length < 2) await turn();
    expect([table.begun, troubles.length]).toEqual([["a1", "a2"], 1]);
    await table.succeed();
    await writer.stop();
  });

  it("stops at once while it waits, and begins nothing more", async () => {
    const table = aSlowTable();
    const writer = writeNewest({ write: table.write, onTrouble: () => undefined, pauseMs: 60_000 });
    writer.put("a", "a1");
    await table.fail();
    await writer.stop();
    expect(table.begun).toEqual(["a1"]);
  });
});

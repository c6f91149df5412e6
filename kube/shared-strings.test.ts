import { describe, expect, it } from "@jest/globals";
import { createSharedStrings } from "./shared-strings.ts";

/** As the server would send it once more: equal, and not the same in memory. */
const anew = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const condition = {
  type: "DatabaseReady",
  message: "The database is there.",
  list: ["one that is long enough", "short"],
};

describe("caches share the strings that their objects have in common", () => {
  it("changes no value, however often and deep", () => {
    const share = createSharedStrings();
    for (let round = 0; round < 3; round += 1) {
      expect(share(anew({ a: condition, b: [condition, null, 7, true] }))).toEqual({
        a: condition,
        b: [condition, null, 7, true],
      });
    }
  });

  it("leaves frozen values alone", () => {
    const share = createSharedStrings();
    const frozen = Object.freeze({ ...condition });
    expect(share(frozen)).toBe(frozen);
    expect(frozen).toEqual(condition);
  });

  it("goes on when it may keep no more", () => {
    const share = createSharedStrings(1);
    const many = ["the first of many strings", "the second of many strings", "the third of many strings"];
    for (let round = 0; round < 3; round += 1) expect(share(anew(many))).toEqual(many);
  });
});

import { describe, expect, it } from "@jest/globals";
import { hasDuplicateKeys } from "./duplicate-keys.ts";

describe("A2: fields that are named twice", () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":{"b":1,"c":2,"b":3}}',
    '[{"a":1},{"b":1,"b":1}]',
    '{"slug":"x","\\u0073lug":"y"}',
    '{"a":{"x":1},"b":[],"a":null}',
  ])("are found in %s", (json) => {
    expect(hasDuplicateKeys(json)).toBe(true);
  });

  it.each([
    '{"a":1,"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '{"a":["a","a"],"b":"a"}',
    "{",
    '"a":1,"a":2',
    "",
  ])("are not found in %s", (json) => {
    expect(hasDuplicateKeys(json)).toBe(false);
  });
});

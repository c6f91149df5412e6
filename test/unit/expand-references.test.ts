import { describe, expect, it } from "@jest/globals";
import { expandReferences } from "../isolation/names/expand-references.ts";

describe("what Kubernetes makes of $(NAME)", () => {
  // From Kubernetes' own tests: third_party/forked/golang/expansion/expand_test.go.
  const variables = { VAR_A: "A", VAR_B: "B", VAR_C: "C", VAR_REF: "$(VAR_A)", VAR_EMPTY: "" };
  it.each([
    ["$(VAR_A)", "A"],
    ["___$(VAR_B)___", "___B___"],
    ["$(VAR_A)-1", "A-1"],
    ["$$(VAR_A)", "$(VAR_A)"],
    ["$$$(VAR_A)", "$A"],
    ["$$$$(VAR_A)", "$$(VAR_A)"],
    ["$(VAR_REF)", "$(VAR_A)"],
    ["foo$(VAR_EMPTY)bar", "foobar"],
    ["$(VAR_UNKNOWN)", "$(VAR_UNKNOWN)"],
    ["$(VAR_A", "$(VAR_A"],
    ["$VAR_A", "$VAR_A"],
    ["foo\\$(VAR_A)", "foo\\A"],
    ["$", "$"],
    ["$$", "$"],
  ])("%s is %s", (text, expected) => {
    expect(expandReferences(text, variables)).toBe(expected);
  });
});

import { describe, expect, it } from "@jest/globals";
import { chosenKind } from "./choose-provider.ts";

describe("which cluster is meant", () => {
  it.each([
    { said: undefined, up: undefined, kind: "local" },
    { said: "", up: undefined, kind: "local" },
    { said: "kind", up: undefined, kind: "kind" },
    { said: undefined, up: "current" as const, kind: "current" },
    { said: "local", up: "local" as const, kind: "local" },
  ])("is $kind when CLUSTER says $said and $up is up", ({ said, up, kind }) => expect(chosenKind(said, up)).toBe(kind));

  it("is refused when it is not known, or another one is up", () => {
    expect(() => chosenKind("docker", undefined)).toThrow("Say local (the default), kind or current");
    expect(() => chosenKind("kind", "local")).toThrow("CLUSTER=local make down");
  });
});

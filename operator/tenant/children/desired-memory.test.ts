import { describe, expect, it } from "@jest/globals";
import { aDesiredVault } from "../../../test/builders/a-desired-vault.ts";
import { projectChild, type ChildProjection } from "./children.ts";
import { childrenDigest, createDesiredMemory } from "./desired-memory.ts";
import { desiredChildren } from "../desired.ts";

const projections = (vault = aDesiredVault()): ChildProjection[] =>
  desiredChildren(vault)
    .flat()
    .flatMap(({ kind, object }) => projectChild(kind)(object) ?? []);

describe("D1: what a vault's objects come to is remembered", () => {
  it("is the digest of the objects themselves, in whatever order they are found", () => {
    const digest = createDesiredMemory().digestOf(aDesiredVault());
    expect(childrenDigest(projections())).toBe(digest);
    expect(childrenDigest(projections().reverse())).toBe(digest);
  });

  it("is another one when an object is missing, too many, or different", () => {
    const digest = createDesiredMemory().digestOf(aDesiredVault());
    const [first, ...others] = projections();
    if (!first) throw new Error("a vault has objects");
    expect(childrenDigest(others)).not.toBe(digest);
    expect(childrenDigest([first, ...others, { ...first, name: "another" }])).not.toBe(digest);
    expect(childrenDigest([{ ...first, fingerprint: "another" }, ...others])).not.toBe(digest);
  });

  it("follows every change of what they are made from, and back again", () => {
    const memory = createDesiredMemory();
    const before = memory.digestOf(aDesiredVault());
    const readOnly = aDesiredVault({ spec: { ...aDesiredVault().spec, access: "ReadOnly" } });
    const rotated = aDesiredVault({ secrets: { ...aDesiredVault().secrets, signingKey: "another" } });
    expect(new Set([before, memory.digestOf(readOnly), memory.digestOf(rotated)]).size).toBe(3);
    expect(memory.digestOf(aDesiredVault())).toBe(before);
  });

  it("is the same for a vault that was forgotten", () => {
    const memory = createDesiredMemory();
    const before = memory.digestOf(aDesiredVault());
    memory.forget(aDesiredVault().vaultId);
    expect(memory.digestOf(aDesiredVault())).toBe(before);
  });
});

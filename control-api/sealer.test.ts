import { describe, expect, it } from "@jest/globals";
import { createSealer } from "./sealer.ts";

const sealer = createSealer("an installation's key of more than 32 characters");

describe("I6: what the registry keeps sealed", () => {
  it("opens again, and looks different each time", () => {
    const sealed = sealer.seal("key", "blåbær");
    expect(sealer.open("key", sealed)).toBe("blåbær");
    expect(sealer.seal("key", "blåbær")).not.toBe(sealed);
  });

  it("does not open for another purpose, with another key, or when a bit was changed", () => {
    const sealed = sealer.seal("key", "secret");
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith("AA") ? "BB" : "AA"}`;
    expect(() => sealer.open("token", sealed)).toThrow();
    expect(() => createSealer("another key of more than 32 characters").open("key", sealed)).toThrow();
    expect(() => sealer.open("key", changed)).toThrow();
    expect(() => sealer.open("key", "")).toThrow();
  });
});

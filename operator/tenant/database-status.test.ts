import { describe, expect, it } from "@jest/globals";
import { shownBytes } from "./database-status.ts";

describe("the size that a status tells", () => {
  it("is two digits of what was measured", () => {
    expect(shownBytes(12_345_678, undefined)).toBe(12_000_000);
    expect(shownBytes(13_000_000, 12_000_000)).toBe(13_000_000);
  });

  it("I6: stands while it is right to a twentieth, so that a size at the edge between two roundings writes nothing", () => {
    const told = shownBytes(7_549_000, undefined);
    expect(told).toBe(7_500_000);
    expect(shownBytes(7_551_000, told)).toBe(told);
    expect(shownBytes(7_880_000, told)).toBe(7_900_000);
    expect(shownBytes(7_549_000, 7_900_000)).toBe(7_900_000);
  });
});

import { describe, expect, it } from "@jest/globals";
import { type Admitted, type BreakerSettings, deletionLimit, mayDelete } from "./deletion-breaker.ts";

const settings: BreakerSettings = { enabled: true, tenantsPerHour: 5, percentPerHour: 2 };
const now = new Date("2026-11-21T12:00:00Z");
const ago = (minutes: number, count: number): Admitted[] =>
  Array.from({ length: count }, (_, index) => ({
    uid: `${String(minutes)}-${String(index)}`,
    slug: "a",
    at: new Date(now.getTime() - minutes * 60_000),
  }));

describe("fault 36: the deletion breaker", () => {
  it.each([
    { fleet: 2, limit: 5 },
    { fleet: 250, limit: 5 },
    { fleet: 300, limit: 6 },
    { fleet: 1_000, limit: 20 },
    { fleet: 10_000, limit: 200 },
  ])("lets $limit of $fleet Tenants go within an hour", ({ fleet, limit }) => {
    expect(deletionLimit(settings, fleet)).toBe(limit);
  });

  it.each([
    { name: "the fifth goes", admitted: ago(10, 4), waiting: 0, goes: true },
    { name: "the sixth is held", admitted: ago(10, 5), waiting: 0, goes: false },
    { name: "what was an hour ago does not count", admitted: ago(60, 50), waiting: 0, goes: true },
    { name: "what is asked for at the same time counts", admitted: [], waiting: 5, goes: false },
    { name: "four others at the same time may go with it", admitted: [], waiting: 4, goes: true },
  ])("$name", ({ admitted, waiting, goes }) => {
    expect(mayDelete(settings, { admitted, waiting, fleet: 100, now })).toBe(goes);
  });

  it("counts for nothing where it is switched off", () => {
    const off = { ...settings, enabled: false };
    expect(mayDelete(off, { admitted: ago(1, 500), waiting: 500, fleet: 1_000, now })).toBe(true);
  });
});

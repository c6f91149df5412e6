import { describe, expect, it } from "@jest/globals";
import { filterAffiliates } from "./affiliate-filter.ts";

const affiliate = (slug: string, name: string, phase: string | null) => ({
  with: { slug, name },
  since: "2026-01-01T00:00:00.000Z",
  vault: phase === null ? null : { phase, url: null },
});

const all = [
  affiliate("alto-ensemble", "Alto Ensemble", "Active"),
  affiliate("elverum-kor", "Élvérum Kor", "Provisioning"),
  affiliate("bass-club", "Bass Club", "Failed"),
  affiliate("tenor-circle", "Tenor Circle", null),
];

const slugs = (filter: Parameters<typeof filterAffiliates>[1]) =>
  filterAffiliates(all, filter).map((one) => one.with.slug);

describe("S1, O7: an umbrella's list of collectives", () => {
  it.each([
    { name: "all", filter: { search: "", state: null }, found: all.map((one) => one.with.slug) },
    {
      name: "by a part of the name, whatever its accents",
      filter: { search: "elVE", state: null },
      found: ["elverum-kor"],
    },
    { name: "by a part of the address", filter: { search: "s-club", state: null }, found: ["bass-club"] },
    { name: "by what lives", filter: { search: "", state: "live" as const }, found: ["alto-ensemble"] },
    {
      name: "by what is still coming, no vault yet counted in",
      filter: { search: "", state: "preparing" as const },
      found: ["elverum-kor", "tenor-circle"],
    },
    { name: "by what needs somebody", filter: { search: " ", state: "attention" as const }, found: ["bass-club"] },
    { name: "by both at once", filter: { search: "alto", state: "attention" as const }, found: [] },
  ])("is narrowed $name", ({ filter, found }) => expect(slugs(filter)).toEqual(found));
});

import { describe, expect, it } from "@jest/globals";
import { aTemplate, aTenant, aWorld } from "../../test/builders/a-world.ts";
import { type Limits, limitsRespected, type Measure, measuredLimits } from "./limits.ts";
import type { World } from "./world.ts";

const now = new Date("2026-06-01T00:10:00Z");
const meters = [
  { name: "members", sql: "SELECT 1", unit: "1" },
  { name: "storage_bytes", sql: "SELECT 2", unit: "By" },
];

const aLimitedWorld = (plan: Record<string, number>, own: Record<string, number> = {}, limits?: Limits): World => {
  const template = aTemplate({ spec: { meters } });
  const base = template.spec.plans.free;
  if (!base) throw new Error("the template has a plan");
  return aWorld({
    template,
    plan: { ...base, meterLimits: plan },
    tenant: aTenant({ spec: { limits: own }, ...(limits ? { status: { limits } } : {}) }),
  });
};

/** Says what it would count, and which meters it was asked for. */
const counting = (counts: Record<string, number>) => {
  const asked: string[][] = [];
  const measure: Measure = (list) => {
    asked.push(list.map(({ name }) => name));
    return Promise.resolve(new Map(list.map(({ name }) => [name, counts[name] ?? 0])));
  };
  return { asked, measure };
};

describe("K5: limits", () => {
  it("are the plan's, and in their place those of the Tenant itself; nothing is measured at first", async () => {
    const { asked, measure } = counting({});
    const limits = await measuredLimits(
      aLimitedWorld({ members: 10, storage_bytes: 5 }, { members: 20 }),
      measure,
      now,
    );
    expect(limits).toEqual({
      meters: [
        { name: "members", limit: 20 },
        { name: "storage_bytes", limit: 5 },
      ],
    });
    expect(asked).toEqual([]);
  });

  it("below what is used are told with meter, use and limit, after one measurement of this vault", async () => {
    const { asked, measure } = counting({ members: 42 });
    const world = aLimitedWorld({ members: 10 }, {}, { meters: [{ name: "members", limit: 100 }] });
    const limits = await measuredLimits(world, measure, now);
    expect(limits).toEqual({ measuredAt: "2026-06-01T00:10:00Z", meters: [{ name: "members", limit: 10, used: 42 }] });
    expect(asked).toEqual([["members"]]);
    expect(limitsRespected(world, limits)).toMatchObject({
      status: "False",
      reason: "LimitsExceeded",
      message: expect.stringMatching(/^members: 42 used, 10 allowed\. Nothing is taken away/) as unknown,
    });
  });

  it("that have not changed are not measured again, except exceeded ones after ten minutes", async () => {
    const { asked, measure } = counting({ members: 5 });
    const at = (used: number, measuredAt: string): Limits => ({
      measuredAt,
      meters: [{ name: "members", limit: 10, used }],
    });
    for (const before of [at(7, "2026-01-01T00:00:00Z"), at(42, "2026-06-01T00:05:00Z")]) {
      expect(await measuredLimits(aLimitedWorld({ members: 10 }, {}, before), measure, now)).toBe(before);
    }
    expect(asked).toEqual([]);
    const cleared = await measuredLimits(
      aLimitedWorld({ members: 10 }, {}, at(42, "2026-06-01T00:00:00Z")),
      measure,
      now,
    );
    expect(cleared?.meters).toEqual([{ name: "members", limit: 10, used: 5 }]);
  });

  it("on a meter that there is not are named with the meters that there are", async () => {
    const world = aLimitedWorld({}, { mebers: 3 });
    const limits = await measuredLimits(world, counting({}).measure, now);
    expect(limitsRespected(world, limits)).toMatchObject({
      reason: "LimitUnknown",
      message: expect.stringMatching(
        /no meter "mebers" to limit\. The template's meters: members, storage_bytes/,
      ) as unknown,
    });
  });

  it("are no matter where nothing is limited", async () => {
    const world = aLimitedWorld({});
    expect(await measuredLimits(world, counting({}).measure, now)).toBeUndefined();
    expect(limitsRespected(world, undefined)).toBeUndefined();
  });
});

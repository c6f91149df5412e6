import type { Fault, Plan } from "./plan.ts";
import { keyOf } from "./proxies/effect.ts";
import type { Written } from "./proxies/gate.ts";
import { shuffled } from "./random.ts";

const phases = ["before", "after"] as const;

/** Of each fault that is tried at a few places only: at how many. */
const samples = { twice: 10, apiCrash: 1, oldLists: 2 } as const;

const pick = <T>(items: readonly T[], count: number, random: () => number): T[] =>
  shuffled(items, random).slice(0, count);

/** What takes half a minute or more is tried with half of the operations. */
const sometimes = <T>(random: () => number, items: readonly T[]): readonly T[] => (random() < 0.5 ? items : []);

/** Every plan for an operation: each write of its trace killed before and after, and the other faults at some of them. */
export const choosePlans = (operation: string, trace: readonly Written[], random: () => number): Plan[] => {
  const keys = [...new Set(trace.map(keyOf))];
  const sql = [...new Set(trace.filter(({ system }) => system === "postgres").map(keyOf))];
  const updates = keys.filter((key) => !key.startsWith("sql "));
  const points = keys.flatMap((at) => phases.map((when) => ({ at, when })));
  const faults: Fault[] = [
    ...points.map((point): Fault => ({ kind: "kill", ...point })),
    ...pick(points, samples.twice, random).map((point): Fault => ({
      kind: "kill-twice",
      ...point,
      again: 1 + Math.floor(random() * Math.max(1, keys.length / 2)),
      againWhen: random() < 0.5 ? "before" : "after",
    })),
    ...sql.flatMap((at) => phases.map((when): Fault => ({ kind: "database-crash", at, when, downMs: 0 }))),
    ...sometimes(random, pick(sql, 1, random)).map((at): Fault => ({
      kind: "database-crash",
      at,
      when: "before",
      downMs: 10_000,
    })),
    ...pick(updates, samples.apiCrash, random).map((at): Fault => ({
      kind: "api-crash",
      at,
      when: "after",
      downMs: random() < 0.5 ? 0 : 10_000,
    })),
    { kind: "conflicts" },
    ...sometimes<Fault>(random, [{ kind: "conflicts-only", forMs: 10_000 }]),
    { kind: "storm", forMs: 6000, seed: Math.floor(random() * 1e6) },
    ...sometimes<Fault>(random, [{ kind: "silent-watches" }]),
    ...pick(random() < 0.5 && sql.length > 0 ? sql : updates, 1, random).map((at): Fault => ({ kind: "zombie", at })),
    ...pick(keys, 1, random).map((at): Fault => ({ kind: "lease-deleted", at })),
    ...sometimes(random, pick(points, 1, random)).map((point): Fault => ({
      kind: "skewed-clock",
      ...point,
      skewMs: random() < 0.5 ? -3_600_000 : 3_600_000,
    })),
    ...sometimes<Fault>(random, [{ kind: "quiet", forMs: 60_000 }]),
    ...pick(points, samples.oldLists, random).map((point): Fault => ({ kind: "old-lists", ...point })),
    ...pick(points, 1, random).map((point): Fault => ({ kind: "empty-lists", ...point })),
  ];
  return faults.map((fault) => ({ operation, fault }));
};

import type { TenantStatus } from "../../crds/index.ts";
import { durationMs } from "../duration.ts";
import type { Judgement } from "../conditions.ts";
import type { World } from "./world.ts";

export type Limits = NonNullable<TenantStatus["limits"]>;
type MeterLimit = Limits["meters"][number];

/** While a limit is exceeded, the use is measured again after this; a vault that keeps its limits never is. */
export const measureAgainMs = durationMs("10m");

const wanted = ({ tenant, plan }: Pick<World, "tenant" | "plan">): [name: string, limit: number][] =>
  Object.entries({ ...plan?.meterLimits, ...tenant.spec.limits }).sort(([one], [other]) => (one < other ? -1 : 1));

const metersOf = ({ template }: Pick<World, "template">) => template?.spec.meters ?? [];

/** Limits on meters that the template does not have; nothing can be said of them. */
const unknown = (world: World): string[] => {
  const known = new Set(metersOf(world).map(({ name }) => name));
  return wanted(world).flatMap(([name]) => (known.has(name) ? [] : [name]));
};

/** The limits in force on the template's meters: the plan's, and in their place those of the Tenant itself. */
export const limitsInForce = (world: World): { name: string; limit: number }[] => {
  const missing = new Set(unknown(world));
  return wanted(world).flatMap(([name, limit]) => (missing.has(name) ? [] : [{ name, limit }]));
};

const exceeded = (limits: Limits | undefined): MeterLimit[] =>
  (limits?.meters ?? []).filter(({ used, limit }) => used !== undefined && used > limit);

export const isOverLimit = (limits: Limits | undefined): boolean => exceeded(limits).length > 0;

const sameLimits = (known: Limits, now: { name: string; limit: number }[]): boolean =>
  known.meters.length === now.length &&
  now.every(({ name, limit }) => known.meters.some((one) => one.name === name && one.limit === limit));

/** Counts the meters of one vault, by name. */
export type Measure = (meters: readonly { name: string; sql: string }[]) => Promise<Map<string, number>>;

/**
 * The limits in force and the use of each. The vault is measured only when its limits have changed, or are exceeded and
 * were measured some time ago: never the whole fleet, and never a vault that has not run.
 */
export const measuredLimits = async (world: World, measure: Measure, now: Date): Promise<Limits | undefined> => {
  const before = world.tenant.status?.limits;
  const limits = limitsInForce(world);
  if (limits.length === 0) return undefined;
  if (!before) return { meters: limits };
  const ageMs = now.getTime() - Date.parse(before.measuredAt ?? "1970-01-01T00:00:00Z");
  if (sameLimits(before, limits) && (!isOverLimit(before) || ageMs < measureAgainMs)) return before;
  const limited = new Set(limits.map(({ name }) => name));
  const used = await measure(metersOf(world).filter(({ name }) => limited.has(name)));
  return {
    measuredAt: now.toISOString().replace(/\.\d+Z$/, "Z"),
    meters: limits.map(({ name, limit }) => {
      const value = used.get(name);
      return value === undefined ? { name, limit } : { name, limit, used: value };
    }),
  };
};

/** Whether the vault keeps its limits; told, not enforced. Undefined when nothing is limited. */
export const limitsRespected = (world: World, limits: Limits | undefined): Judgement | undefined => {
  const type = "LimitsRespected";
  const strange = unknown(world);
  const over = exceeded(limits);
  if (over.length > 0) {
    const each = over.map(({ name, used, limit }) => `${name}: ${used} used, ${limit} allowed`).join("; ");
    const message = `${each}. Nothing is taken away. Give it a larger plan or limit, or have the organization remove something.`;
    return { type, status: "False", reason: "LimitsExceeded", message };
  }
  if (strange.length > 0) {
    const known = metersOf(world).map(({ name }) => name);
    const message = `There is no meter "${strange.join('", "')}" to limit. The template's meters: ${known.join(", ") || "none"}.`;
    return { type, status: "False", reason: "LimitUnknown", message };
  }
  if (!limits) return undefined;
  return { type, status: "True", reason: "LimitsRespected", message: "No meter is known to be over its limit." };
};

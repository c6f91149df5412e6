import { Gauge, type Registry } from "prom-client";
import { type Condition, type Phase, phases, type Tenant } from "../../crds/index.ts";
import type { Clock } from "../../kube/clock.ts";
import type { TenantCaches } from "./caches.ts";

/** The caches that are counted at each scrape. */
type Counted = {
  [K in "tenants" | "servers" | "releases"]: Pick<TenantCaches[K], "values">;
};

export type TenantMetricsOptions = { registry: Registry; caches: Counted; clock: Clock };

type Sample = readonly [labels: Record<string, string>, value: number];

const values = function* <T>(cache: { values(): Iterable<{ value: T }> }): Generator<T> {
  for (const { value } of cache.values()) yield value;
};

/** How many there are of each key. */
const tally = <K extends string>(keys: Iterable<K>, start: readonly K[] = []): Map<K, number> => {
  const counts = new Map<K, number>(start.map((key) => [key, 0]));
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

const falseOnes = function* (tenants: Iterable<Tenant>): Generator<string> {
  for (const { status } of tenants) {
    for (const condition of status?.conditions ?? []) {
      if (condition.status === "False") yield `${condition.type}/${condition.reason}`;
    }
  }
};

const conditionSamples = (tenants: Iterable<Tenant>): Sample[] =>
  [...tally(falseOnes(tenants))].map(([key, count]) => {
    const [condition = "", reason = ""] = key.split("/");
    return [{ condition, reason }, count];
  });

const unborn = new Set<Phase>(["Pending", "Provisioning", "Failed"]);

/** How long the oldest Tenant waits that nobody has been able to use yet. */
const oldestUnborn = (tenants: Iterable<Tenant>, now: Date): number => {
  let oldest = now.getTime();
  for (const { metadata, status } of tenants) {
    const waits = !metadata.deletionTimestamp && !status?.release && unborn.has(status?.phase ?? "Pending");
    if (waits) oldest = Math.min(oldest, Date.parse(metadata.creationTimestamp));
  }
  return (now.getTime() - oldest) / 1000;
};

const isReady = (conditions: readonly Condition[] | undefined): boolean =>
  conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;

type Family = { name: string; help: string; labels: readonly string[]; read: (caches: Counted, now: Date) => Sample[] };

const families: readonly Family[] = [
  {
    name: "polyphony_tenants",
    help: "Tenants by phase",
    labels: ["phase"],
    read: ({ tenants }) => {
      const seen = [...values(tenants)].map(({ status }) => status?.phase ?? "Pending");
      return [...tally(seen, phases)].map(([phase, count]) => [{ phase }, count]);
    },
  },
  {
    name: "polyphony_tenant_conditions",
    help: "Conditions of Tenants that are False, by type and reason",
    labels: ["condition", "reason"],
    read: ({ tenants }) => conditionSamples(values(tenants)),
  },
  {
    name: "polyphony_rotation_overdue",
    help: "Tenants whose password or signing key is older than the installation wants",
    labels: [],
    read: ({ tenants }) => [[{}, tally(falseOnes(values(tenants))).get("SecretsCurrent/RotationOverdue") ?? 0]],
  },
  {
    name: "polyphony_oldest_provisioning_seconds",
    help: "Age of the oldest Tenant whose vault has never answered; 0 when there is none",
    labels: [],
    read: ({ tenants }, now) => [[{}, oldestUnborn(values(tenants), now)]],
  },
  {
    name: "polyphony_database_server_capacity_ratio",
    help: "Vaults on a database server as a part of spec.capacity",
    labels: ["server"],
    read: ({ servers }) =>
      [...values(servers)].map(({ metadata, spec, status }) => [
        { server: metadata.name },
        (status?.databases ?? 0) / spec.capacity,
      ]),
  },
  {
    name: "polyphony_database_server_ready",
    help: "1 while vaults' databases can be made and kept on the database server, else 0",
    labels: ["server"],
    read: ({ servers }) =>
      [...values(servers)].map(({ metadata, status }) => [
        { server: metadata.name },
        isReady(status?.conditions) ? 1 : 0,
      ]),
  },
  {
    name: "polyphony_golden_templates",
    help: "Golden templates of releases on database servers, by state",
    labels: ["state"],
    read: ({ releases }) => {
      const states = [...values(releases)].flatMap(({ status }) => status?.goldenTemplates ?? []);
      const known = ["Pending", "Migrating", "Ready", "Failed"] as const;
      return [
        ...tally(
          states.map(({ state }) => state),
          known,
        ),
      ].map(([state, count]) => [{ state }, count]);
    },
  },
];

/**
 * Numbers about Tenants, database servers and releases, counted from the caches at each scrape. Only the process that
 * leads has them; a standby's registry is without.
 */
export const exportTenantMetrics = ({ registry, caches, clock }: TenantMetricsOptions): void => {
  for (const { name, help, labels, read } of families) {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        this.reset();
        for (const [sample, value] of read(caches, clock.now())) this.set(sample, value);
      },
    });
  }
};

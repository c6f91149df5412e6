import type { Registry } from "prom-client";
import { createMetrics } from "../gateway/metrics.ts";
import { exportBreakerMetrics } from "../operator/deletion/breaker-metrics.ts";
import { createEngineMetrics } from "../operator/engine/metrics.ts";
import { countDrift } from "../operator/tenant/drift/drift-metrics.ts";
import { exportTenantMetrics } from "../operator/tenant/tenant-metrics.ts";
import { vaultMetrics } from "../vault-template/internal/metrics.ts";

/** One metric of a program, as its registry describes it. */
export type MetricFamily = { name: string; type: string; help: string; labels: readonly string[] };

const nothing = { values: () => [].values() };

const operatorRegistry = (): Registry => {
  const { registry } = createEngineMetrics({ processMetrics: false });
  const caches = { tenants: nothing, servers: nothing, releases: nothing };
  countDrift(registry);
  exportBreakerMetrics({ registry, held: () => [] });
  exportTenantMetrics({ registry, caches, clock: { now: () => new Date(0) } });
  return registry;
};

const gatewayRegistry = (): Registry =>
  createMetrics({ vaults: () => 0, hosts: () => 0, watchAgeSeconds: () => 0 }).registry;

const vaultRegistry = (): Registry =>
  vaultMetrics({ ready: () => true, connections: () => ({ used: 0, free: 0 }) }).registry;

/** prom-client knows a metric's labels, but its types do not say so. */
const labelsOf = (metric: object): readonly string[] =>
  "labelNames" in metric && Array.isArray(metric.labelNames) ? (metric.labelNames as string[]) : [];

const familiesOf = (registry: Registry): MetricFamily[] =>
  registry
    .getMetricsAsArray()
    .map((metric) => ({
      name: metric.name,
      type: String(metric.type),
      help: metric.help,
      labels: labelsOf(metric),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Every metric that Polyphony's programs export, beside what Node.js says of a process. */
export const metricFamilies = (): Record<"operator" | "gateway" | "vault", MetricFamily[]> => ({
  operator: familiesOf(operatorRegistry()),
  gateway: familiesOf(gatewayRegistry()),
  vault: familiesOf(vaultRegistry()),
});

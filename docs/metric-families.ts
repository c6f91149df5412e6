import { Registry } from "prom-client";
import { createHttpMetrics } from "../control-api/http/metrics.ts";
import { exportRegistryMetrics } from "../control-api/platform/registry-metrics.ts";
import { createMetrics } from "../gateway/metrics.ts";
import { exportBreakerMetrics } from "../operator/deletion/breaker-metrics.ts";
import { createEngineMetrics } from "../operator/engine/metrics.ts";
import { countDrift } from "../operator/tenant/drift/drift-metrics.ts";
import { exportTenantMetrics } from "../operator/tenant/tenant-metrics.ts";
import { vaultMetrics } from "../vault-template/internal/metrics.ts";

/** One metric of a program, as its registry describes it. */
export type MetricFamily = { name: string; type: string; help: string; labels: readonly string[] };

/** What exports metrics of its own. */
export type Program = "operator" | "gateway" | "api" | "worker" | "vault";

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

const workerRegistry = (): Registry => {
  const registry = new Registry();
  const read = () => Promise.reject(new Error("Nothing is asked of it here."));
  exportRegistryMetrics({ registry, read, onTrouble: () => undefined });
  return registry;
};

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
export const metricFamilies = (): Record<Program, MetricFamily[]> => ({
  operator: familiesOf(operatorRegistry()),
  gateway: familiesOf(gatewayRegistry()),
  api: familiesOf(createHttpMetrics({ processMetrics: false }).registry),
  worker: familiesOf(workerRegistry()),
  vault: familiesOf(vaultRegistry()),
});

import { Gauge, type Registry } from "prom-client";
import type { Tenant } from "../../crds/index.ts";

export type BreakerMetricsOptions = { registry: Registry; held: () => readonly Tenant[] };

/** What the breaker holds, counted at each scrape. */
export const exportBreakerMetrics = ({ registry, held }: BreakerMetricsOptions): void => {
  new Gauge({
    name: "polyphony_deletions_held",
    help: "Deleted Tenants that serve on until somebody approves or rejects their deletion",
    registers: [registry],
    collect() {
      this.set(held().length);
    },
  });
  new Gauge({
    name: "polyphony_deletion_breaker_open",
    help: "1 while deletions are held and somebody is asked, else 0",
    registers: [registry],
    collect() {
      this.set(held().length > 0 ? 1 : 0);
    },
  });
};

import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

export interface HttpMetrics {
  readonly registry: Registry;
  /** `pattern` is the route's, never a path. Seconds. */
  readonly count: (method: string, pattern: string, status: number, seconds: number) => void;
}

/** Those of the process itself. */
export const createProcessMetrics = (): Registry => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
};

export const createHttpMetrics = ({ processMetrics = true } = {}): HttpMetrics => {
  const registry = processMetrics ? createProcessMetrics() : new Registry();
  const requests = new Counter({
    name: "polyphony_api_requests_total",
    help: "Requests by method, route and status.",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "polyphony_api_request_seconds",
    help: "How long requests took.",
    labelNames: ["method", "route"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  return {
    registry,
    count: (method, route, status, took) => {
      requests.inc({ method, route, status: String(status) });
      seconds.observe({ method, route }, took);
    },
  };
};

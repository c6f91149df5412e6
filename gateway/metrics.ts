import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** What the gateway counts. */
export interface GatewayMetrics {
  readonly registry: Registry;
  /** One answer: its status, and the seconds from the request to the first header. */
  answered(status: number, seconds: number): void;
  /** A vault could not be asked, or broke off. */
  upstreamError(why: string): void;
  /** A connection was tried again. */
  retried(times: number): void;
  inFlight(change: 1 | -1): void;
  webSockets(change: 1 | -1): void;
  /** The text for Prometheus, with its content type. */
  text(): Promise<{ readonly type: string; readonly body: string }>;
}

export interface MetricsOptions {
  readonly vaults: () => number;
  readonly hosts: () => number;
  readonly watchAgeSeconds: () => number;
  /** Also the process's own memory, event loop and so on. */
  readonly process?: boolean;
}

const prefix = "polyphony_gateway_";
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const gauges = (registers: Registry[], options: MetricsOptions): void => {
  const sources: [name: string, help: string, read: () => number][] = [
    ["vaults", "Vaults in the host table.", options.vaults],
    ["hosts", "Hosts in the host table.", options.hosts],
    ["watch_age_seconds", "Seconds since the API server last gave a sign of life.", options.watchAgeSeconds],
  ];
  for (const [name, help, read] of sources) {
    new Gauge({
      name: prefix + name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
};

export const createMetrics = (options: MetricsOptions): GatewayMetrics => {
  const registry = new Registry();
  const registers = [registry];
  if (options.process) collectDefaultMetrics({ register: registry, prefix });
  gauges(registers, options);
  const requests = new Counter({
    name: `${prefix}requests_total`,
    help: "Requests answered, by class of status.",
    labelNames: ["code"] as const,
    registers,
  });
  const errors = new Counter({
    name: `${prefix}upstream_errors_total`,
    help: "Vaults that could not be asked or broke off, by kind.",
    labelNames: ["why"] as const,
    registers,
  });
  const took = new Histogram({
    name: `${prefix}request_seconds`,
    help: "Seconds from the request to the first header of the answer.",
    buckets: seconds,
    registers,
  });
  const retries = new Counter({ name: `${prefix}retries_total`, help: "Connections tried again.", registers });
  const flying = new Gauge({
    name: `${prefix}requests_in_flight`,
    help: "Requests not yet answered in full.",
    registers,
  });
  const sockets = new Gauge({ name: `${prefix}websockets_open`, help: "WebSockets joined with a vault.", registers });
  return {
    registry,
    answered: (status, duration) => {
      requests.inc({ code: `${Math.floor(status / 100)}xx` });
      took.observe(duration);
    },
    upstreamError: (why) => errors.inc({ why }),
    retried: (times) => retries.inc(times),
    inFlight: (change) => flying.inc(change),
    webSockets: (change) => sockets.inc(change),
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
};

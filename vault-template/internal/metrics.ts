import { Counter, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  readonly registry: Registry;
  request(method: string, route: string, status: number, seconds: number): void;
  mail: (outcome: "sent" | "failed") => void;
  /** Text in the format that Prometheus reads. */
  text(): Promise<string>;
  contentType: string;
}

export interface MetricsDeps {
  ready: () => boolean;
  /** Connections to the database: in use and idle. */
  connections: () => { used: number; free: number };
}

const gauge = (registers: Registry[], name: string, help: string, read: () => number) =>
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });

/**
 * What a vault tells Prometheus. Process figures are read when asked: prom-client's own default metrics keep a timer
 * running, and thousands of idle vaults would wake for it.
 */
export function vaultMetrics({ ready, connections }: MetricsDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: "vault_http_request_duration_seconds",
    help: "Time from a request's first byte to its reply's end",
    labelNames: ["method", "route", "status"] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const mails = new Counter({
    name: "vault_mails_total",
    help: "Attempts to hand a mail to the mail server",
    labelNames: ["outcome"] as const,
    registers,
  });
  for (const outcome of ["sent", "failed"] as const) mails.inc({ outcome }, 0);
  gauge(registers, "vault_ready", "1 while the vault is ready for requests", () => (ready() ? 1 : 0));
  gauge(registers, "vault_database_connections_used", "Connections at work", () => connections().used);
  gauge(registers, "vault_database_connections_free", "Open connections without work", () => connections().free);
  gauge(registers, "process_resident_memory_bytes", "Resident memory", () => process.memoryUsage.rss());
  gauge(registers, "nodejs_heap_size_used_bytes", "Heap in use", () => process.memoryUsage().heapUsed);
  gauge(registers, "process_start_time_seconds", "Start, Unix time", () => performance.timeOrigin / 1000);
  gauge(registers, "process_cpu_seconds_total", "CPU time, user and system", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  return {
    registry,
    request: (method, route, status, seconds) => requests.observe({ method, route, status: String(status) }, seconds),
    mail: (outcome) => mails.inc({ outcome }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

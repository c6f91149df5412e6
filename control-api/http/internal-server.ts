import { createServer, type Server } from "node:http";
import type { Registry } from "prom-client";

export interface InternalParts {
  readonly metrics: Registry;
  /** Rejects when requests could not be answered now. */
  readonly ready: () => Promise<void>;
}

/** Health, readiness and metrics, on a port that is never routed. */
export const createInternalServer = ({ metrics, ready }: InternalParts): Server =>
  createServer((request, response) => {
    const say = (status: number, text: string, type = "text/plain; charset=utf-8"): void => {
      response.writeHead(status, { "Content-Type": type }).end(text);
    };
    const { pathname } = new URL(request.url ?? "/", "http://internal");
    if (pathname === "/healthz") say(200, "alive\n");
    else if (pathname === "/readyz") {
      ready().then(
        () => say(200, "ready\n"),
        (error: unknown) => say(503, `${error instanceof Error ? error.message : "not ready"}\n`),
      );
    } else if (pathname === "/metrics") {
      metrics.metrics().then(
        (text) => say(200, text, metrics.contentType),
        () => say(500, "no metrics\n"),
      );
    } else say(404, "This port has /healthz, /readyz and /metrics.\n");
  });

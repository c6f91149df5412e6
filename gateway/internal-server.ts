import { createServer, type Server } from "node:http";
import type { GatewayMetrics } from "./metrics.ts";

export interface InternalServerOptions {
  /** Undefined: ready; else why not. */
  readonly notReady: () => string | undefined;
  readonly metrics: GatewayMetrics;
}

/** The port for the cluster only: /healthz (alive), /readyz (may get requests), /metrics (for Prometheus). */
export const createInternalServer = ({ notReady, metrics }: InternalServerOptions): Server =>
  createServer((req, res) => {
    const say = (status: number, text: string, type = "text/plain; charset=utf-8"): void => {
      res.writeHead(status, { "Content-Type": type, "Cache-Control": "no-store" }).end(text);
    };
    if (req.url === "/healthz") {
      say(200, "ok\n");
      return;
    }
    if (req.url === "/readyz") {
      const reason = notReady();
      say(reason === undefined ? 200 : 503, `${reason ?? "ok"}\n`);
      return;
    }
    if (req.url !== "/metrics") {
      say(404, "there is /healthz, /readyz and /metrics\n");
      return;
    }
    metrics.text().then(
      ({ type, body }) => say(200, body, type),
      (error: unknown) => say(500, `${String(error)}\n`),
    );
  });

import express, { type ErrorRequestHandler, type Express } from "express";
import { notFound } from "../errors.ts";
import { sendProblemJson, toAppError } from "../http/error-handler.ts";
import type { Metrics } from "./metrics.ts";
import type { Readiness } from "./readiness.ts";
import type { UsageReport } from "./usage.ts";

export interface InternalDeps {
  readiness: Readiness;
  metrics: Metrics;
  usage: () => Promise<UsageReport>;
  /** Looks whether something has changed outside; the probe is what wakes a vault that nobody visits. */
  look: () => void;
}

const asProblem: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const known = toAppError(error, "");
  response.status(known.problem.status);
  if (known.problem.retryAfterSeconds !== undefined)
    response.set("Retry-After", String(known.problem.retryAfterSeconds));
  sendProblemJson(response, known, "");
};

/** The port that is never routed: health, readiness, metrics, usage. */
export function internalApp({ readiness, metrics, usage, look }: InternalDeps): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag");
  app.get("/healthz", (_request, response) => {
    response.json({ alive: true });
  });
  app.get("/readyz", async (_request, response) => {
    look();
    const verdict = await readiness.ask();
    response.status(verdict.ready ? 200 : 503).json(verdict);
  });
  app.get("/metrics", async (_request, response) => {
    response.set("Content-Type", metrics.contentType).send(await metrics.text());
  });
  app.get("/usage", async (_request, response) => {
    response.json(await usage());
  });
  app.use(() => {
    throw notFound("This port has /healthz, /readyz, /metrics and /usage.");
  });
  app.use(asProblem);
  return app;
}

import type { Exchange } from "./exchange.ts";
import { loggedPath } from "./logged-path.ts";

/** What is needed of a logger (pino's is one). */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * One line for one request. Links that log people in are secrets: no query, no headers, and of the path only plain
 * words (see loggedPath).
 * @param finished monotonic milliseconds
 */
export const logAccess = (log: Log, exchange: Exchange, status: number, finished: number): void => {
  const { req, res, target, requestId, client, began, slug, failure, retries } = exchange;
  const fields = {
    requestId,
    method: req.method,
    host: target?.host,
    path: target && loggedPath(target.path),
    tenant: slug,
    status,
    ms: Math.round((finished - began) * 10) / 10,
    client: client.address,
    ...(retries > 0 && { retries }),
    ...(failure && { failure: failure.why, code: failure.code }),
    ...(status !== 101 && !res.writableFinished && { cut: true }),
  };
  if (failure) log.warn(fields, "request");
  else log.info(fields, "request");
};

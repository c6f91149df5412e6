import type { Failure } from "./exchange.ts";

/** The code of an error of node:net or undici, for example ECONNREFUSED or UND_ERR_HEADERS_TIMEOUT. */
export const errorCode = (error: unknown): string => {
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  if (typeof error !== "object" || error === null) return "UNKNOWN";
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === "string" ? code : typeof name === "string" ? name : "UNKNOWN";
};

/**
 * What an error of an attempt means.
 * @param connected a connection to the vault was there, so it may have seen some of the request
 */
export const failureOf = (error: unknown, connected: boolean): Failure => {
  const code = errorCode(error);
  if (code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED") return { why: "invalid", code };
  if (!connected) return { why: "unreachable", code };
  return { why: code === "UND_ERR_HEADERS_TIMEOUT" ? "slow" : "broken", code };
};

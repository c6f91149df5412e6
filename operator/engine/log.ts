import { pino, stdTimeFunctions } from "pino";

/** The part of pino that the engine uses. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Field names whose values never reach a log, at any of the first levels. */
const SECRET = [
  "password",
  "secret",
  "token",
  "authorization",
  "connectionString",
  "databaseUrl",
  "DATABASE_URL",
  "SIGNING_KEY",
  "SMTP_URL",
];
const redacted = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Structured logs, one JSON object per line, on standard output unless `destination` says otherwise. */
export const createLog = (
  name: string,
  level: LogLevel = "info",
  destination: { write(line: string): void } = process.stdout,
): Log =>
  pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redacted, censor: "(secret)" },
      // `error` is where this code base puts what was thrown.
      serializers: { error: errorFields },
    },
    destination,
  ).child({ component: name });

/** What of a thrown value is worth a line: no stack of the expected ones, the chain of causes in short. */
const errorFields = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const cause = error.cause instanceof Error ? { cause: error.cause.message } : {};
  const expected = "reason" in error;
  return { type: error.name, message: error.message, ...cause, ...(expected ? {} : { stack: error.stack }) };
};

/** Says nothing; for tests. */
export const silentLog = (): Log => {
  const nothing = (): void => undefined;
  const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => log };
  return log;
};

/** What a failed statement means to the vault: who can do something about it differs. */
export type DatabaseTrouble = "away" | "read-only" | "not-migrated" | "duplicate";

const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
]);

// https://www.postgresql.org/docs/15/errcodes-appendix.html. Authentication errors count as away: while a password is
// being rotated or a database restored, a visitor can only wait.
const awayStates = new Set(["57P01", "57P02", "57P03", "57P05", "57014", "55000", "3D000", "40001", "40P01", "55P03"]);
const awayClasses = new Set(["08", "28", "53", "58"]);
const readOnlyStates = new Set(["42501", "25006"]);
const notMigratedStates = new Set(["42P01", "42703", "3F000"]);

// pg and its pool report these without a code.
const awayMessages =
  /Connection terminated|timeout expired|timeout exceeded|Timeout acquiring a connection|Query read timeout|Client has encountered a connection error|not queryable|server conn crashed|pgbouncer/i;

/** Names the trouble behind an error of knex or pg, looking through `cause` and AggregateError; null if it is no such error. */
export function databaseTrouble(error: unknown): DatabaseTrouble | null {
  if (!(error instanceof Error)) return null;
  const code = (error as { code?: unknown }).code;
  const state = typeof code === "string" ? code : "";
  if (readOnlyStates.has(state)) return "read-only";
  if (notMigratedStates.has(state)) return "not-migrated";
  if (state === "23505") return "duplicate";
  if (networkCodes.has(state) || awayStates.has(state)) return "away";
  if (/^[0-9A-Z]{5}$/.test(state) && awayClasses.has(state.slice(0, 2))) return "away";
  if (awayMessages.test(error.message)) return "away";
  if (error instanceof AggregateError) return databaseTrouble(error.errors[0]);
  return databaseTrouble(error.cause);
}

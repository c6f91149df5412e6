import { RetryableError, StalledError } from "../outcome.ts";
import { DatabaseError, type DatabaseReason } from "./errors.ts";

/** The SQLSTATE of a server's refusal, the code of a failed connection, or undefined. */
export const codeOf = (error: unknown): string | undefined => {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
};

const textOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);

/** Raised by our own statements, so that a refusal inside one round trip can be told apart. */
export const ownStates = { full: "PV001", goldenMissing: "PV002" } as const;

type Translation = readonly [reason: DatabaseReason, message: (server: string) => string];

const unreachable: Translation = [
  "DatabaseServerUnreachable",
  (server) =>
    `Database server "${server}" cannot be reached. Check that it runs and that its address and network rules are right.`,
];

const full: Translation = [
  "DatabaseServerFull",
  (server) =>
    `Database server "${server}" has no connections or disk space left. Free some, or raise max_connections or the disk.`,
];

const refused: Translation = [
  "DatabaseServerAuthFailed",
  (server) =>
    `Database server "${server}" refuses the operator's user name or password. Put the right URL into its connection Secret.`,
];

const translations: Record<string, Translation> = {
  "28P01": refused,
  "28000": refused,
  "53300": full,
  "53100": full,
  "53200": full,
  "3D000": [
    "DatabaseServerMisconfigured",
    (server) =>
      `Database server "${server}" has no database of the name in its connection Secret's URL; use /postgres.`,
  ],
  "42501": [
    "DatabaseServerRightsMissing",
    (server) =>
      `The operator's role on database server "${server}" lacks a right. It needs LOGIN, CREATEDB, CREATEROLE and CONNECT on its own database.`,
  ],
  "55006": [
    "DatabaseInUse",
    (server) => `A database on server "${server}" is in use by another session; the work is tried again.`,
  ],
  [ownStates.full]: [
    "DatabaseServerFull",
    (server) =>
      `Database server "${server}" holds as many vaults as its capacity allows. Raise spec.capacity, or add a DatabaseServer.`,
  ],
  [ownStates.goldenMissing]: [
    "GoldenTemplateMissing",
    (server) => `The release's golden template is not ready on database server "${server}" yet.`,
  ],
};

/** Codes of Node's sockets and TLS, and SQLSTATE classes, that mean that the server is away or going away. */
const awayCodes = /^(E[A-Z]+|CERT_.*|.*CERT.*|08...|57P0[1-5])$/;
const awayTexts = /timeout|Connection terminated|not queryable|does not support SSL|pool after calling end/i;

/** Says in our words what PostgreSQL or the connection said; ours pass through. The original is the cause. */
export const translateError = (error: unknown, server: string): Error => {
  if (error instanceof RetryableError || error instanceof StalledError) return error;
  const code = codeOf(error);
  const text = textOf(error);
  const known = code === undefined ? undefined : translations[code];
  const away = code === undefined ? awayTexts.test(text) : awayCodes.test(code);
  const translation = known ?? (away ? unreachable : undefined);
  if (translation) return new DatabaseError(translation[0], translation[1](server), { cause: error });
  if (code === undefined) return error instanceof Error ? error : new Error(text);
  return new DatabaseError(
    "DatabaseQueryFailed",
    `Database server "${server}" refused a statement: ${text} (${code}).`,
    {
      cause: error,
    },
  );
};

import * as z from "zod";
import { displayName } from "./display-name.ts";
import { emailAddress } from "./email-address.ts";

export type Access = "ReadWrite" | "ReadOnly";

/** What may change while the vault runs. */
export interface Settings {
  vaultName: string;
  owner: { email: string; name: string };
  access: Access;
  /** Why the vault is read-only and what lifts that, or null. */
  accessReason: string | null;
}

/** What the vault knows of its surroundings, parsed once at start. */
export interface VaultConfig {
  vaultId: string;
  /** As they were at the start. */
  settings: Settings;
  /** Where newer settings are to be read, or null. */
  settingsDir: string | null;
  /** Without a trailing slash; also the only Origin that forms are taken from. */
  publicOrigin: string;
  databaseUrl: string;
  smtpUrl: string;
  mailFrom: string;
  signingKey: string;
  /** Other keys whose sessions and links hold too: earlier ones, or one that comes. */
  acceptedSigningKeys: string[];
  /** Where people may log in with Polyphony, and the key by which the vault proves itself there; or null. */
  registry: { url: string; key: string } | null;
  port: number;
  internalPort: number;
  /** How long the vault still takes requests after SIGTERM, while others learn that it leaves. */
  drainDelayMs: number;
}

/** The environment is not what the contract says; the message names each variable and the way out. */
export class ConfigError extends Error {
  constructor(lines: string[]) {
    super(
      `The vault cannot start, its environment is not complete:\n${lines.map((line) => `  - ${line}`).join("\n")}\n` +
        `Correct these and start it again. docs/vault-contract.md describes every variable.`,
    );
    this.name = "ConfigError";
  }
}

const url = (protocols: string[], also: (parsed: URL) => boolean = () => true) =>
  z.string().refine((text) => {
    const parsed = URL.parse(text);
    return parsed !== null && protocols.includes(parsed.protocol) && parsed.hostname !== "" && also(parsed);
  });

const bare = (parsed: URL) =>
  parsed.username === "" && parsed.password === "" && parsed.search === "" && parsed.hash === "";
const port = z.coerce.number().int().min(0).max(65535);

/** "Choir <no-reply@x>" or "no-reply@x" → the address. */
const mailboxAddress = (text: string): string | null => emailAddress(/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text);

const keysOf = (text: string): string[] => text.split(" ").filter((key) => key !== "");

const Ed25519Key = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().length(43),
  d: z.string().length(43),
});
const isEd25519Key = (text: string): boolean => {
  try {
    return Ed25519Key.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
};

const shape = {
  VAULT_ID: z.guid(),
  VAULT_NAME: z.string().refine((text) => displayName(text) !== null),
  PUBLIC_URL: url(["http:", "https:"], (parsed) => bare(parsed) && parsed.pathname === "/"),
  DATABASE_URL: url(["postgres:", "postgresql:"], (parsed) => parsed.pathname.length > 1),
  SMTP_URL: url(["smtp:", "smtps:"]),
  MAIL_FROM: z.string().refine((text) => mailboxAddress(text) !== null),
  SIGNING_KEY: z.string().min(32),
  OWNER_EMAIL: z.string().refine((text) => emailAddress(text) !== null),
  OWNER_NAME: z.string().refine((text) => displayName(text) !== null),
  ACCESS: z.enum(["ReadWrite", "ReadOnly"]),
  ACCESS_REASON: z.string().max(300).optional(),
  ACCEPTED_SIGNING_KEYS: z
    .string()
    .refine((text) => keysOf(text).every((key) => key.length >= 32))
    .optional(),
  SETTINGS_DIR: z.string().startsWith("/").optional(),
  REGISTRY_URL: url(["http:", "https:"], bare).optional(),
  REGISTRY_KEY: z.string().refine(isEd25519Key).optional(),
  PORT: port.default(8080),
  INTERNAL_PORT: port.default(9090),
  DRAIN_DELAY_MS: z.coerce.number().int().min(0).max(20_000).default(3000),
};

// Written for the person who sets the variable; never with the value in it, which may be a secret.
const wanted: Record<keyof typeof shape, string> = {
  VAULT_ID: "the vault's id, a UUID such as 2f6c1d0e-8b3a-4c55-9d7e-0a1b2c3d4e5f (the operator takes the Tenant's UID)",
  VAULT_NAME: "the choir's name, 1 to 200 characters on one line",
  PUBLIC_URL:
    "the address visitors use, such as https://alto.example.org (http or https, no path, query or credentials)",
  DATABASE_URL: "a PostgreSQL address with a database, such as postgres://user:password@host:5432/name",
  SMTP_URL: "a mail server, such as smtp://mail:1025 or smtps://user:password@mail:465",
  MAIL_FROM: "one mail address that mails come from, such as no-reply@example.org",
  SIGNING_KEY: "a random secret of at least 32 characters, kept for the vault's life (a new one ends every session)",
  OWNER_EMAIL: "one mail address, that of the vault's owner",
  OWNER_NAME: "the owner's name, 1 to 200 characters on one line",
  ACCESS: 'either "ReadWrite" or "ReadOnly"',
  ACCESS_REASON: "at most 300 characters for the people in the vault, or leave it out",
  ACCEPTED_SIGNING_KEYS: "signing keys of at least 32 characters with a space between them, or leave it out",
  SETTINGS_DIR: "a folder's absolute path, or leave it out",
  REGISTRY_URL: "an http or https address without query or credentials, or leave it out",
  REGISTRY_KEY: "an Ed25519 key as a JSON Web Key with its private half, or leave it out",
  PORT: "a port number from 0 to 65535, or leave it out for 8080",
  INTERNAL_PORT: "a port number from 0 to 65535, or leave it out for 9090",
  DRAIN_DELAY_MS: "milliseconds from 0 to 20000, or leave it out for 3000",
};

const wrongLines = (error: z.ZodError, env: NodeJS.ProcessEnv): string[] => {
  const names = new Set(error.issues.map((issue) => issue.path[0] as keyof typeof shape));
  return [...names].map((name) => {
    const state =
      env[name] === undefined ? "is missing" : env[name] === "" ? "is empty" : "has a value that does not fit";
    return `${name} ${state}. Set it to ${wanted[name]}.`;
  });
};

const liveShape = {
  VAULT_NAME: shape.VAULT_NAME,
  OWNER_EMAIL: shape.OWNER_EMAIL,
  OWNER_NAME: shape.OWNER_NAME,
  ACCESS: shape.ACCESS,
  ACCESS_REASON: shape.ACCESS_REASON,
};
type LiveVariables = z.infer<z.ZodObject<typeof liveShape>>;

const settingsOf = (values: LiveVariables): Settings => ({
  vaultName: displayName(values.VAULT_NAME) ?? "",
  owner: { email: emailAddress(values.OWNER_EMAIL) ?? "", name: displayName(values.OWNER_NAME) ?? "" },
  access: values.ACCESS,
  accessReason: displayReason(values.ACCESS_REASON),
});

const displayReason = (text: string | undefined): string | null =>
  text === undefined || text.trim() === "" ? null : text.trim();

/** Settings as they are found while the vault runs; where one is missing or does not fit, `otherwise` holds. */
export const parseSettings = (
  found: Record<string, string | undefined>,
  otherwise: Settings,
): { settings: Settings; wrong: string[] } => {
  const known: Record<keyof typeof liveShape, string | undefined> = {
    VAULT_NAME: otherwise.vaultName,
    OWNER_EMAIL: otherwise.owner.email,
    OWNER_NAME: otherwise.owner.name,
    ACCESS: otherwise.access,
    ACCESS_REASON: otherwise.accessReason ?? undefined,
  };
  const parsed = z.object(liveShape).safeParse({ ...known, ...dropMissing(found) });
  if (parsed.success) return { settings: settingsOf(parsed.data), wrong: [] };
  const wrong = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
  const fitting = Object.fromEntries(Object.entries(dropMissing(found)).filter(([name]) => !wrong.includes(name)));
  return { settings: settingsOf(z.object(liveShape).parse({ ...known, ...fitting })), wrong };
};

const dropMissing = (found: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** Reads the contract's environment. Throws ConfigError naming everything that is wrong at once. */
export function readConfig(env: NodeJS.ProcessEnv): VaultConfig {
  // Empty optional variables are what a template renders for "not set".
  const present = Object.fromEntries(Object.entries(env).filter(([name, value]) => value !== "" || name in required));
  const parsed = z.object(shape).safeParse(present);
  if (!parsed.success) throw new ConfigError(wrongLines(parsed.error, env));
  const values = parsed.data;
  return {
    vaultId: values.VAULT_ID.toLowerCase(),
    settings: settingsOf(values),
    settingsDir: values.SETTINGS_DIR ?? null,
    publicOrigin: new URL(values.PUBLIC_URL).origin,
    databaseUrl: values.DATABASE_URL,
    smtpUrl: values.SMTP_URL,
    mailFrom: mailboxAddress(values.MAIL_FROM) ?? "",
    signingKey: values.SIGNING_KEY,
    acceptedSigningKeys: keysOf(values.ACCEPTED_SIGNING_KEYS ?? ""),
    registry:
      values.REGISTRY_URL === undefined || values.REGISTRY_KEY === undefined
        ? null
        : { url: values.REGISTRY_URL.replace(/\/$/, ""), key: values.REGISTRY_KEY },
    port: values.PORT,
    internalPort: values.INTERNAL_PORT,
    drainDelayMs: values.DRAIN_DELAY_MS,
  };
}

const required = {
  VAULT_ID: 1,
  VAULT_NAME: 1,
  PUBLIC_URL: 1,
  DATABASE_URL: 1,
  SMTP_URL: 1,
  MAIL_FROM: 1,
  SIGNING_KEY: 1,
  OWNER_EMAIL: 1,
  OWNER_NAME: 1,
  ACCESS: 1,
};

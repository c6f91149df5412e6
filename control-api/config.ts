import { readFileSync } from "node:fs";
import { z } from "zod";

const optional = z
  .string()
  .optional()
  .transform((text) => (text === "" ? undefined : text));

const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: "is an address such as postgres://role:password@host:5432/registry",
});

const Environment = z.object({
  PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: "is the address of console and API, for example https://polyphony.example.org",
    })
    .transform((url) => url.replace(/\/$/, "")),
  VAULT_URL_TEMPLATE: z
    .string()
    .regex(
      /^https?:\/\/[^/]*\{slug\}/,
      "is an address with {slug} in its host, for example https://{slug}.example.org",
    ),
  REGISTRY_APP_URL: databaseUrl,
  REGISTRY_PLATFORM_URL: databaseUrl,
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "is an address such as redis://host:6379" }),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: "is an address such as smtp://user:password@host:587" }),
  MAIL_FROM: z.string().min(3),
  TOKEN_KEY_FILE: z.string().min(1),
  TRIAL_DAYS: z.coerce.number().int().min(0).max(365).default(30),
  MOST_OWNED_ORGANIZATIONS: z.coerce.number().int().min(1).max(10_000).default(20),
  APPROVAL: z.enum(["automatic", "staff"]).default("automatic"),
  TENANT_INSTANCE: optional,
  RESERVED_SLUGS_FILE: optional,
  KUBECONFIG: optional,
  CONSOLE_FOLDER: optional,
  MAIL_PREVIEW: z.stringbool().default(false),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  INTERNAL_PORT: z.coerce.number().int().min(0).max(65535).default(9090),
  RATE_LIMITS_FACTOR: z.coerce.number().min(1).max(1_000_000).default(1),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

/** All settings of the control API and of its worker, read once. Throws one error that names each wrong variable. */
export const readConfig = (environment: NodeJS.ProcessEnv) => {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")} ${message}`);
    throw new Error(`The control API cannot start; these environment variables are wrong:\n${lines.join("\n")}`);
  }
  const e = parsed.data;
  const tokenKey = readFileSync(e.TOKEN_KEY_FILE, "utf8").trim();
  if (tokenKey.length < 32)
    throw new Error(`${e.TOKEN_KEY_FILE} holds a key that is too short: give it at least 32 characters.`);
  return {
    publicUrl: e.PUBLIC_URL,
    vaultUrlTemplate: e.VAULT_URL_TEMPLATE,
    registry: { app: e.REGISTRY_APP_URL, platform: e.REGISTRY_PLATFORM_URL },
    redisUrl: e.REDIS_URL,
    mail: { smtpUrl: e.SMTP_URL, from: e.MAIL_FROM },
    tokenKey,
    approval: e.APPROVAL,
    trialDays: e.TRIAL_DAYS,
    mostOwned: e.MOST_OWNED_ORGANIZATIONS,
    tenantInstance: e.TENANT_INSTANCE,
    reservedSlugsFile: e.RESERVED_SLUGS_FILE,
    kubeconfig: e.KUBECONFIG,
    consoleFolder: e.CONSOLE_FOLDER,
    mailPreview: e.MAIL_PREVIEW,
    port: e.PORT,
    internalPort: e.INTERNAL_PORT,
    rateLimitsFactor: e.RATE_LIMITS_FACTOR,
    logLevel: e.LOG_LEVEL,
  };
};
export type Config = ReturnType<typeof readConfig>;

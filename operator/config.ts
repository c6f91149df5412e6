import { readFileSync } from "node:fs";
import { z } from "zod";
import { NetworkPeer } from "../crds/index.ts";
import { durationMs } from "./duration.ts";
import type { BreakerSettings } from "./deletion/deletion-breaker.ts";
import { labels } from "./tenant/names.ts";
import type { TenantSettings } from "./tenant/settings.ts";

const jsonText = <S extends z.ZodType>(schema: S) =>
  z.string().transform((text, context): z.infer<S> => {
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "is not JSON" });
      return z.NEVER;
    }
  });

const EgressPeers = z.object({
  dns: z.array(NetworkPeer).default([]),
  mail: z.array(NetworkPeer).default([]),
  storage: z.array(NetworkPeer).default([]),
  registry: z.array(NetworkPeer).default([]),
});

/** Stands in vaults where no mail server is set: sending fails and names what is missing. */
const noMailServer = "smtp://no-mail-server-is-configured.invalid:25";

const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === "" ? undefined : text));

const Environment = z.object({
  NAMESPACE: z.string().min(1),
  INSTANCE: z
    .string()
    .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$/)
    .max(40)
    .default(""),
  PUBLIC_URL_TEMPLATE: z
    .string()
    .regex(
      /^https?:\/\/[^/]*\{slug\}/,
      "is an address with {slug} in its host, for example https://{slug}.example.org",
    ),
  MASTER_KEY_FILE: z.string().min(1),
  SMTP_URL: z
    .union([z.literal(""), z.url({ protocol: /^smtps?$/ })], {
      error: "is an address such as smtp://user:password@host:587",
    })
    .default(""),
  MAIL_FROM: z.string().min(3),
  REGISTRY_URL: optionalText,
  MIGRATIONS_NAMESPACE: z.string().min(1).default("polyphony-migrations"),
  EGRESS_PEERS_FILE: optionalText,
  GATEWAY_NAMESPACE: optionalText,
  GATEWAY_POD_LABELS: jsonText(z.record(z.string(), z.string())).default({ "app.kubernetes.io/component": "gateway" }),
  IMAGE_PULL_SECRETS: z.string().default(""),
  PORT: z.coerce.number().int().min(0).max(65535).default(9090),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  KUBECONFIG: optionalText,
  POD_NAME: optionalText,
  ROTATE_SECRETS_AFTER: z
    .string()
    .regex(/^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$/, "is a duration such as 2160h; 0s rotates only on request")
    .default("2160h"),
  DELETION_BREAKER: z
    .enum(["on", "off"])
    .default("on")
    .transform((value) => value === "on"),
  DELETIONS_PER_HOUR: z.coerce.number().int().min(0).max(1_000_000).default(5),
  DELETIONS_PERCENT_PER_HOUR: z.coerce.number().min(0).max(100).default(2),
  TENANTS_IN_FLIGHT: z.coerce.number().int().min(1).max(256).default(64),
});

/** Everything the operator is told at its start, parsed once. */
export type OperatorConfig = {
  namespace: string;
  /** Only Tenants with the label polyphony.dev/instance of this value; empty is all. */
  instance: string;
  /** The same as a label selector. */
  selector: string;
  identity: string;
  masterKey: Uint8Array;
  migrationsNamespace: string;
  port: number;
  logLevel: "debug" | "info" | "warn" | "error";
  kubeconfig: string | undefined;
  tenantsInFlight: number;
  deletionBreaker: BreakerSettings;
  settings: TenantSettings;
};

/** The text of a file that the environment names. @throws Error that names the variable. */
const fileOf = (variable: string, path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`${variable} names ${path}, which cannot be read`, { cause: error });
  }
};

const egressOf = (path: string | undefined): TenantSettings["egress"] => {
  if (path === undefined) return EgressPeers.parse({});
  const parsed = jsonText(EgressPeers).safeParse(fileOf("EGRESS_PEERS_FILE", path));
  if (parsed.success) return parsed.data;
  throw new Error(`EGRESS_PEERS_FILE (${path}): ${z.prettifyError(parsed.error)}`);
};

/**
 * Parses the environment.
 * @throws Error that names every variable that is missing or wrong, and what it should be.
 */
export const parseConfig = (env: NodeJS.ProcessEnv): OperatorConfig => {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) throw new Error(`The operator's environment is not complete:\n${z.prettifyError(parsed.error)}`);
  const { data } = parsed;
  return {
    namespace: data.NAMESPACE,
    instance: data.INSTANCE,
    selector: data.INSTANCE === "" ? "" : `${labels.instance}=${data.INSTANCE}`,
    identity: data.POD_NAME ?? `operator-${process.pid}`,
    masterKey: Buffer.from(fileOf("MASTER_KEY_FILE", data.MASTER_KEY_FILE).trim(), "base64"),
    migrationsNamespace: data.MIGRATIONS_NAMESPACE,
    port: data.PORT,
    logLevel: data.LOG_LEVEL,
    kubeconfig: data.KUBECONFIG,
    tenantsInFlight: data.TENANTS_IN_FLIGHT,
    deletionBreaker: {
      enabled: data.DELETION_BREAKER,
      tenantsPerHour: data.DELETIONS_PER_HOUR,
      percentPerHour: data.DELETIONS_PERCENT_PER_HOUR,
    },
    settings: {
      publicUrlTemplate: data.PUBLIC_URL_TEMPLATE,
      smtpUrl: data.SMTP_URL === "" ? noMailServer : data.SMTP_URL,
      mailFrom: data.MAIL_FROM,
      registryUrl: data.REGISTRY_URL,
      egress: egressOf(data.EGRESS_PEERS_FILE),
      gateway: { namespace: data.GATEWAY_NAMESPACE ?? data.NAMESPACE, podLabels: data.GATEWAY_POD_LABELS },
      imagePullSecrets: data.IMAGE_PULL_SECRETS.split(",").filter((name) => name !== ""),
      rotateSecretsAfterMs: durationMs(data.ROTATE_SECRETS_AFTER),
    },
  };
};

import { z } from "zod";
import { parsePlatformRoutes, type PlatformRoutes } from "./platform-routes.ts";

const milliseconds = (fallback: number) => z.coerce.number().int().min(0).max(3_600_000).default(fallback);
const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const list = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(/[\s,]+/).filter((entry) => entry !== ""));

const domain = z
  .string({ error: "set it to the domain below which vaults answer, for example polyphony.localhost" })
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "write a domain such as polyphony.localhost, without port or scheme");

const platformRoutes = list("").transform((entries, context) => {
  try {
    return parsePlatformRoutes(entries);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

/** Slugs that are the platform's own in every installation. */
const platformSlugs =
  "www,api,console,admin,app,auth,login,mail,smtp,status,static,assets,cdn,docs,help,support,polyphony";

const Environment = z.object({
  BASE_DOMAIN: domain,
  PUBLIC_URL_TEMPLATE: z
    .string()
    .regex(/^https?:\/\/\{slug\}\.[^{}/]+$/, "write it as http://{slug}.example.org, with a port where there is one")
    .optional(),
  PORT: port(8080),
  INTERNAL_PORT: port(9090),
  CLUSTER_DOMAIN: domain.default("cluster.local"),
  BACKEND_ORIGIN_TEMPLATE: z.string().startsWith("http://", "vaults are reached by http://").optional(),
  KUBECONFIG: z.string().optional(),
  TENANT_SELECTOR: z.string().optional(),
  TRUSTED_PROXIES: list(""),
  RESERVED_SLUGS: list(platformSlugs),
  PLATFORM_ROUTES: platformRoutes,
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  CONNECT_TIMEOUT_MS: milliseconds(3_000),
  CONNECT_PATIENCE_MS: milliseconds(3_000),
  ANSWER_TIMEOUT_MS: milliseconds(120_000),
  BODY_IDLE_MS: milliseconds(60_000),
  SHUTDOWN_DELAY_MS: milliseconds(5_000),
  DRAIN_MS: milliseconds(20_000),
});

/** How long the gateway waits for what, in milliseconds. */
export interface Waits {
  /** One attempt to connect to a vault. */
  readonly connect: number;
  /** In all, while a vault refuses connections (it may be rolling). */
  readonly patience: number;
  /** From the request's end to the vault's first header. No limit afterwards: answers may stream for ever. */
  readonly answer: number;
  /** Silence in the middle of a request's body. */
  readonly bodyIdle: number;
  /** From SIGTERM until no new connection is taken, so that every load balancer has heard. */
  readonly shutdownDelay: number;
  /** Then, until requests and sockets that are still open are cut. */
  readonly drain: number;
}

/** The gateway's settings. */
export interface GatewayConfig {
  readonly baseDomain: string;
  /** With "{slug}" in it, for example http://{slug}.polyphony.localhost:8080. */
  readonly publicUrlTemplate: string;
  readonly port: number;
  readonly internalPort: number;
  /** With {service}, {namespace} and {port} in it. */
  readonly backendOriginTemplate: string;
  readonly kubeconfig?: string | undefined;
  /** Only Tenants with these labels. */
  readonly tenantSelector?: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly reservedSlugs: ReadonlySet<string>;
  /** Hosts of the platform's own, which no vault can have. */
  readonly platformRoutes: PlatformRoutes;
  readonly logLevel: string;
  readonly waits: Waits;
}

/**
 * The settings in the environment; empty variables count as absent.
 * @throws Error that names each variable that cannot be used and how to put it right
 */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): GatewayConfig => {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = Environment.safeParse(present);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The gateway's settings cannot be used:\n${lines.join("\n")}`);
  }
  const e = parsed.data;
  return {
    baseDomain: e.BASE_DOMAIN,
    publicUrlTemplate: e.PUBLIC_URL_TEMPLATE ?? `http://{slug}.${e.BASE_DOMAIN}`,
    port: e.PORT,
    internalPort: e.INTERNAL_PORT,
    // The final dot makes the name absolute: one DNS question instead of one for each search domain.
    backendOriginTemplate: e.BACKEND_ORIGIN_TEMPLATE ?? `http://{service}.{namespace}.svc.${e.CLUSTER_DOMAIN}.:{port}`,
    kubeconfig: e.KUBECONFIG,
    tenantSelector: e.TENANT_SELECTOR,
    trustedProxies: e.TRUSTED_PROXIES,
    reservedSlugs: new Set(e.RESERVED_SLUGS),
    platformRoutes: e.PLATFORM_ROUTES,
    logLevel: e.LOG_LEVEL,
    waits: {
      connect: e.CONNECT_TIMEOUT_MS,
      patience: e.CONNECT_PATIENCE_MS,
      answer: e.ANSWER_TIMEOUT_MS,
      bodyIdle: e.BODY_IDLE_MS,
      shutdownDelay: e.SHUTDOWN_DELAY_MS,
      drain: e.DRAIN_MS,
    },
  };
};

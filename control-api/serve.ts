import { createServer } from "node:http";
import type { Logger } from "pino";
import { createApp } from "./app.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { createServices } from "./create-services.ts";
import { openRegistry } from "./db/registry-database.ts";
import { openRedis } from "./gateways/open-redis.ts";
import { closeGracefully, listenOn } from "./http/graceful-server.ts";
import { createInternalServer } from "./http/internal-server.ts";
import { createHttpMetrics } from "./http/metrics.ts";
import { createRateLimits } from "./http/rate-limits.ts";
import { createIdentity } from "./oidc/create-identity.ts";
import { readReservedSlugs } from "./slugs/reserved-slugs.ts";
import { createVaultChanges } from "./tenants/vault-changes.ts";

/** Requests under way when it is to stop get this long. */
const drainMs = 10_000;

export interface Serving {
  readonly port: number;
  readonly internalPort: number;
  stop(): Promise<void>;
}

/** The control API: composition root. Resolves when both ports are bound; registry and Redis may still be away. */
export const serve = async (config: Config, log: Logger): Promise<Serving> => {
  const clock = systemClock;
  const registry = openRegistry(config.registry);
  const redis = openRedis(config.redisUrl, { answerWithinMs: 1_000 });
  redis.on("error", (error: Error) => log.debug({ err: error }, "Redis is away; limits are counted in memory"));
  const changes = createVaultChanges(config.registry.app, (error) =>
    log.warn({ err: error }, "news of vaults are late"),
  );
  const reservedSlugs = readReservedSlugs(config.reservedSlugsFile);
  const { registry: metrics, count } = createHttpMetrics();
  const services = createServices({ config, registry, changes, reservedSlugs, clock });
  const identity = createIdentity({
    ...config,
    registry,
    clock,
    onTrouble: (error) => log.error({ err: error }, "a login by OpenID failed"),
  });
  const limits = createRateLimits(redis, config.rateLimitsFactor);
  const app = createApp({ ...config, registry, services, identity, limits, clock, log, count });
  const visitors = createServer({ requestTimeout: 30_000, headersTimeout: 15_000, keepAliveTimeout: 65_000 }, app);
  const internal = createInternalServer({ metrics, ready: () => registry.ping() });
  const [port, internalPort] = await Promise.all([
    listenOn(visitors, config.port),
    listenOn(internal, config.internalPort),
  ]);
  return {
    port,
    internalPort,
    stop: async () => {
      await changes.stop();
      await closeGracefully(visitors, drainMs);
      await closeGracefully(internal, 1_000);
      redis.disconnect();
      await registry.close();
    },
  };
};

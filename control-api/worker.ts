import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { watchAudit } from "./audit/watch-audit.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import { vaultUrlOf } from "./create-services.ts";
import { listen } from "./db/listen.ts";
import type { RegistryDatabase } from "./db/registry-database.ts";
import type { Mailer } from "./gateways/mailer.ts";
import type { TenantCluster } from "./gateways/tenant-cluster.ts";
import { startDispatcher } from "./jobs/dispatcher.ts";
import { createJobQueue } from "./jobs/job-queue.ts";
import { outboxChannel } from "./jobs/outbox.ts";
import { workOutbox } from "./jobs/work-outbox.ts";
import { sendMail } from "./mails/send-mail.ts";
import { startIdentityUpkeep } from "./oidc/identity-upkeep.ts";
import { readRegistryFigures } from "./platform/registry-figures.ts";
import { exportRegistryMetrics } from "./platform/registry-metrics.ts";
import { observeTemplates } from "./templates/observe-templates.ts";
import { observeTenants } from "./tenants/observe-tenants.ts";
import { publishTenant } from "./tenants/publish-tenant.ts";
import { createTokens } from "./tokens.ts";

export interface WorkerParts {
  readonly config: Pick<Config, "publicUrl" | "vaultUrlTemplate" | "tokenKey" | "redisUrl" | "registry">;
  readonly registry: RegistryDatabase;
  readonly cluster: TenantCluster;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly log: Logger;
  /** What the worker says of the registry is exported here. */
  readonly metrics: Registry;
}

/** Rows of the outbox worked on at once. */
const concurrency = 16;

/** Starts all that goes on behind the API: mails, Tenants, and what Tenants say. Returns the way to stop it. */
export const startWorker = ({
  config,
  registry,
  cluster,
  mailer,
  clock,
  log,
  metrics,
}: WorkerParts): (() => Promise<void>) => {
  const onTrouble = (error: unknown): void => log.warn({ err: error }, "the worker meets trouble and tries again");
  const tokens = createTokens(config.tokenKey);
  const { workFailed, auditVerified } = exportRegistryMetrics({
    registry: metrics,
    read: () => registry.asPlatform((transaction) => readRegistryFigures(transaction, clock.now())),
    onTrouble,
  });
  const work = workOutbox({
    registry,
    clock,
    handlers: {
      mail: sendMail({
        registry,
        mailer,
        tokens,
        publicUrl: config.publicUrl,
        vaultUrl: vaultUrlOf(config.vaultUrlTemplate),
      }),
      "publish-tenant": publishTenant({ registry, cluster, clock }),
    },
    onFailure: ({ id, kind, attempts }, error, fate) => {
      workFailed(kind, fate);
      log.warn({ err: error, id, kind, attempts, fate }, "work did not succeed");
    },
  });
  const queue = createJobQueue({ redisUrl: config.redisUrl, work, concurrency, onTrouble });
  const dispatcher = startDispatcher({ registry, clock, queue, onTrouble });
  const listening = listen({
    url: config.registry.platform,
    channel: outboxChannel,
    onNotice: dispatcher.nudge,
    onGap: onTrouble,
  });
  const stopObserving = observeTenants({ registry, cluster, clock, tokens, onTrouble });
  const stopUpkeep = startIdentityUpkeep({ registry, tokenKey: config.tokenKey, clock, onTrouble });
  const stopTemplates = observeTemplates({ registry, cluster, clock, onTrouble });
  const stopVerifying = watchAudit({ registry, clock, onVerified: auditVerified, onTrouble });
  return async () => {
    await stopVerifying();
    await listening.stop();
    await dispatcher.stop();
    await Promise.all([stopObserving(), stopTemplates(), stopUpkeep(), queue.close()]);
    mailer.close();
  };
};

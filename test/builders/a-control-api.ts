import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { systemClock } from "../../control-api/clock.ts";
import { readConfig } from "../../control-api/config.ts";
import { openRegistry, type RegistryDatabase } from "../../control-api/db/registry-database.ts";
import { createKubeTenantCluster } from "../../control-api/gateways/kube-tenant-cluster.ts";
import { createSmtpMailer } from "../../control-api/gateways/smtp-mailer.ts";
import { serve } from "../../control-api/serve.ts";
import { startWorker } from "../../control-api/worker.ts";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { createLiveKube } from "../../kube/live-kube.ts";
import type { Kube } from "../../kube/kube.ts";
import { startRedis, type RedisServer } from "../harness/redis.ts";
import { aRegistry, type RegistryUrlsOfAll } from "./a-registry.ts";
import { startMailCatcher, type MailCatcher } from "../stand-ins/mail-catcher/start.ts";

/** A registry with its API and its worker in this process; database, queue, mail server and cluster are real. */
export interface ControlApi {
  readonly url: string;
  readonly mails: MailCatcher["mailbox"];
  readonly redis: RedisServer;
  readonly registry: RegistryDatabase;
  readonly kube: Kube;
  /** Of this registry's Tenants. */
  readonly instance: string;
  readonly accounts: RegistryUrlsOfAll;
  stopWorker(): Promise<void>;
  startWorker(): void;
  stop(): Promise<void>;
}

export const startControlApi = async (settings: Record<string, string> = {}): Promise<ControlApi> => {
  const folder = await mkdtemp(join(tmpdir(), "polyphony-control-api-"));
  const keyFile = join(folder, "token-key");
  await writeFile(keyFile, randomBytes(32).toString("hex"));
  const instance = `test-${randomBytes(3).toString("hex")}`;
  const [redis, mails, accounts] = await Promise.all([
    startRedis(),
    startMailCatcher({ smtp: 0, http: 0, host: "127.0.0.1" }),
    aRegistry(process.env["POLYPHONY_TEST_PG_ADMIN_URL"] ?? ""),
  ]);
  const config = readConfig({
    PUBLIC_URL: "http://console.polyphony.test",
    VAULT_URL_TEMPLATE: "http://{slug}.vaults.test",
    REGISTRY_APP_URL: accounts.app,
    REGISTRY_PLATFORM_URL: accounts.platform,
    REDIS_URL: redis.url,
    SMTP_URL: `smtp://127.0.0.1:${String(mails.smtpPort)}`,
    MAIL_FROM: "Polyphony <no-reply@polyphony.test>",
    TOKEN_KEY_FILE: keyFile,
    TENANT_INSTANCE: instance,
    RESERVED_SLUGS_FILE: join(import.meta.dirname, "../../charts/polyphony/files/reserved-slugs.yaml"),
    PORT: "0",
    INTERNAL_PORT: "0",
    ...settings,
  });
  const log = pino({ level: process.env["TEST_LOG_LEVEL"] ?? "fatal" });
  const kube = createLiveKube({
    access: clusterAccess(process.env["POLYPHONY_TEST_KUBECONFIG"]),
    fieldManager: "polyphony-control-api",
  });
  const onTrouble = (error: unknown): void => log.warn({ err: error }, "Tenants cannot be watched");
  const cluster = () => createKubeTenantCluster({ kube, instance, onTrouble });
  const registry = openRegistry(config.registry);
  const serving = await serve(config, cluster(), log);
  let stopWorker: (() => Promise<void>) | undefined;
  const begin = (): void => {
    const mailer = createSmtpMailer(config.mail);
    stopWorker = startWorker({ config, registry, cluster: cluster(), mailer, clock: systemClock, log });
  };
  const end = async (): Promise<void> => {
    await stopWorker?.();
    stopWorker = undefined;
  };
  begin();
  return {
    url: `http://127.0.0.1:${String(serving.port)}`,
    mails: mails.mailbox,
    redis,
    registry,
    kube,
    instance,
    accounts,
    startWorker: begin,
    stopWorker: end,
    stop: async () => {
      await end();
      await serving.stop();
      await Promise.all([registry.close(), redis.stop(), mails.stop(), rm(folder, { recursive: true, force: true })]);
      kube.close();
    },
  };
};

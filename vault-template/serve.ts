import { setTimeout as pause } from "node:timers/promises";
import { accessOf, type AccessView } from "./access.ts";
import { backgroundWork, type Background } from "./background.ts";
import { second, type Clock } from "./clock.ts";
import type { VaultConfig } from "./config.ts";
import { connectDatabase, type Database } from "./db/connect.ts";
import { neededSchemaVersion } from "./db/migrations/index.ts";
import { exportService } from "./export/export-service.ts";
import { createApp } from "./http/app.ts";
import { pagesOf } from "./http/pages.ts";
import { internalApp } from "./internal/internal-app.ts";
import { vaultMetrics, type Metrics } from "./internal/metrics.ts";
import { readinessOf, type Readiness } from "./internal/readiness.ts";
import { readUsage } from "./internal/usage.ts";
import { invitationService } from "./invitations/invitation-service.ts";
import { liveSettings, type LiveSettings } from "./live-settings.ts";
import type { Log } from "./log.ts";
import { loginService } from "./login/login-service.ts";
import { choirMails } from "./mail/mails.ts";
import { patientMailer } from "./mail/patient-mailer.ts";
import { smtpMailer } from "./mail/smtp-mailer.ts";
import { memberService } from "./members/member-service.ts";
import { ownerSeeding } from "./members/owner-seeding.ts";
import { meters } from "./meters.ts";
import { gracefulServer, type GracefulServer } from "./server/graceful-server.ts";
import { registryClient } from "./registry/registry-client.ts";
import { registryLogin } from "./registry/registry-login.ts";
import { type Tokens, vaultTokens } from "./tokens.ts";

/** After the delay in which requests are still taken, those under way get this long. Kubernetes gives 30 s in all. */
const drainDeadlineMs = 8000;

export interface Vault {
  port: number;
  internalPort: number;
  /** Resolves when everything under way is done; the process may end then. */
  stop(): Promise<void>;
}

interface AppParts {
  config: VaultConfig;
  settings: LiveSettings;
  access: AccessView;
  database: Database;
  metrics: Metrics;
  background: Background;
  clock: Clock;
  log: Log;
}

/** A page asks the database whether it may write at most this often, the readiness probe less. */
const accessAgeMs = { visit: second, probe: 5 * second };

const registryLoginOf = ({ config, database, clock }: AppParts, tokens: Tokens) => {
  const { registry, vaultId, publicOrigin } = config;
  if (!registry) return null;
  const client = registryClient({
    vaultId,
    publicOrigin,
    registryUrl: registry.url,
    registryKey: registry.key,
    clock,
  });
  return registryLogin({ database, client, tokens, clock });
};

const publicApp = (parts: AppParts) => {
  const { config, settings, access, database, metrics, background, clock, log } = parts;
  const { publicOrigin, mailFrom, smtpUrl } = config;
  const tokens = vaultTokens(config.vaultId, config.signingKey, config.acceptedSigningKeys);
  const choirName = () => settings.now().vaultName;
  const from = () => ({ name: choirName(), address: mailFrom });
  const mailer = smtpMailer({ smtpUrl, from, count: metrics.mail });
  const patient = patientMailer(mailer, [1000, 4000], (ms) => pause(ms));
  const mails = choirMails({ choirName, publicOrigin, mailer, patientMailer: patient });
  return createApp({
    publicOrigin,
    tokens,
    metrics,
    log,
    clock,
    pages: pagesOf(() => ({
      name: choirName(),
      readOnly: access.readOnly(),
      readOnlyReason: settings.now().accessReason,
    })),
    askAccess: () => access.ask(accessAgeMs.visit),
    login: loginService({ database, tokens, mails, background, clock }),
    members: memberService(database),
    invitations: invitationService({ database, tokens, mails, clock, log }),
    exports: exportService(database),
    registryLogin: registryLoginOf(parts, tokens),
  });
};

const connectionsOf = (database: Database) => {
  const pool = (database.client as { pool?: { numUsed(): number; numFree(): number } }).pool;
  return { used: pool?.numUsed() ?? 0, free: pool?.numFree() ?? 0 };
};

interface Stopping {
  config: VaultConfig;
  readiness: Readiness;
  servers: { visitors: GracefulServer; internal: GracefulServer };
  background: Background;
  database: Database;
  log: Log;
}

const stopGracefully = async ({ config, readiness, servers, background, database, log }: Stopping): Promise<void> => {
  log.info("asked to stop: finishing what is under way", { drainDelayMs: config.drainDelayMs });
  readiness.startDraining();
  servers.visitors.startDraining();
  // Endpoints change a moment later than the signal comes; until then requests still arrive and are served.
  await pause(config.drainDelayMs);
  const whole = await servers.visitors.close(drainDeadlineMs);
  if (!whole) log.warn("some requests were cut: they took longer than the time to stop");
  await Promise.race([background.settled(), pause(drainDeadlineMs, undefined, { ref: false })]);
  await database.destroy();
  await servers.internal.close(1000);
  log.info("stopped");
};

/** Starts the vault: composition root. Resolves when both ports are bound; the database may still be away. */
export async function serve(config: VaultConfig, clock: Clock, log: Log): Promise<Vault> {
  const database = connectDatabase(config.databaseUrl, config.vaultId);
  const readiness = readinessOf(database, neededSchemaVersion, clock);
  const metrics = vaultMetrics({ ready: readiness.last, connections: () => connectionsOf(database) });
  const background = backgroundWork(log);
  const settings = liveSettings(config.settings, config.settingsDir, log);
  const access = accessOf(database, config.settings.access, clock);
  const owner = ownerSeeding({ database, settings, access, readiness, clock, log });
  const look = (): void => {
    background.run("looking for changed settings", async () => {
      await Promise.all([settings.refresh(), access.ask(accessAgeMs.probe)]);
      owner.look();
    });
  };
  owner.look();
  const parts = { config, settings, access, database, metrics, background, clock, log };
  const servers = {
    visitors: gracefulServer(publicApp(parts)),
    internal: gracefulServer(
      internalApp({ readiness, metrics, look, usage: () => readUsage(database, config.vaultId, meters, clock) }),
    ),
  };
  const [port, internalPort] = await Promise.all([
    servers.visitors.listen(config.port),
    servers.internal.listen(config.internalPort),
  ]);
  log.info("listening", { port, internalPort, schemaVersion: neededSchemaVersion, access: config.settings.access });
  return {
    port,
    internalPort,
    stop: async () => {
      await owner.stop();
      await stopGracefully({ config, readiness, servers, background, database, log });
    },
  };
}

import { setTimeout as pause } from "node:timers/promises";
import { backgroundWork, type Background } from "./background.ts";
import type { Clock } from "./clock.ts";
import type { VaultConfig } from "./config.ts";
import { connectDatabase, type Database } from "./db/connect.ts";
import { databaseTrouble } from "./db/database-errors.ts";
import { neededSchemaVersion } from "./db/migrations/index.ts";
import { createApp } from "./http/app.ts";
import { pagesOf } from "./http/pages.ts";
import { internalApp } from "./internal/internal-app.ts";
import { vaultMetrics, type Metrics } from "./internal/metrics.ts";
import { readinessOf, type Readiness } from "./internal/readiness.ts";
import { readUsage } from "./internal/usage.ts";
import { invitationService } from "./invitations/invitation-service.ts";
import type { Log } from "./log.ts";
import { loginService } from "./login/login-service.ts";
import { choirMails } from "./mail/mails.ts";
import { patientMailer } from "./mail/patient-mailer.ts";
import { smtpMailer } from "./mail/smtp-mailer.ts";
import { memberRepository } from "./members/member-repository.ts";
import { memberService } from "./members/member-service.ts";
import { ownerIsSeeded, seedOwner, type SeedOutcome } from "./members/seed-owner.ts";
import { meters } from "./meters.ts";
import { gracefulServer, type GracefulServer } from "./server/graceful-server.ts";
import { vaultTokens } from "./tokens.ts";

/** After the delay in which requests are still taken, those under way get this long. Kubernetes gives 30 s in all. */
const drainDeadlineMs = 8000;

export interface Vault {
  port: number;
  internalPort: number;
  /** Resolves when everything under way is done; the process may end then. */
  stop(): Promise<void>;
}

// "vault seed" as a number: two pods of a rollout that start at once seed one after the other.
const seedLock = "7310021556";

const seedOnce = async (database: Database, config: VaultConfig, clock: Clock): Promise<SeedOutcome> => {
  if (ownerIsSeeded(await memberRepository(database).namedByPlatform(), config.owner)) return "unchanged";
  return database.transaction(async (transaction) => {
    await transaction.raw(`SELECT pg_advisory_xact_lock(${seedLock})`);
    return seedOwner(memberRepository(transaction), config.owner, clock.now());
  });
};

interface Seeding {
  config: VaultConfig;
  database: Database;
  readiness: Readiness;
  clock: Clock;
  log: Log;
  stopped: AbortSignal;
}

/** Seeds the owner as soon as the database lets it, and marks the vault for readiness. Ends early when stopped. */
const seedPatiently = async (seeding: Seeding): Promise<void> => {
  const { config, database, readiness, clock, log, stopped } = seeding;
  for (let wait = 200; !stopped.aborted; wait = Math.min(wait * 2, 5000)) {
    try {
      const outcome = await seedOnce(database, config, clock);
      if (outcome !== "unchanged") log.info("the owner is seeded", { outcome });
      readiness.ownerIsSeeded();
      return;
    } catch (error) {
      if (databaseTrouble(error) === "read-only" && config.access === "ReadOnly") {
        log.warn("the vault is read-only: the new owner is seeded when it may write again");
        readiness.ownerIsSeeded();
        return;
      }
      log.warn("the owner cannot be seeded yet, trying again", { waitMs: wait, error });
    }
    await pause(wait, undefined, { signal: stopped }).catch(() => undefined);
  }
};

const publicApp = (
  config: VaultConfig,
  database: Database,
  metrics: Metrics,
  background: Background,
  clock: Clock,
  log: Log,
) => {
  const { publicOrigin, vaultName, mailFrom, smtpUrl } = config;
  const tokens = vaultTokens(config.vaultId, config.signingKey);
  const mailer = smtpMailer({ smtpUrl, from: { name: vaultName, address: mailFrom }, count: metrics.mail });
  const patient = patientMailer(mailer, [1000, 4000], (ms) => pause(ms));
  const mails = choirMails({ choirName: vaultName, publicOrigin, mailer, patientMailer: patient });
  return createApp({
    publicOrigin,
    tokens,
    metrics,
    log,
    clock,
    pages: pagesOf({ name: vaultName, readOnly: config.access === "ReadOnly" }),
    login: loginService({ database, tokens, mails, background, clock }),
    members: memberService(database),
    invitations: invitationService({ database, tokens, mails, clock, log }),
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
  const stopping = new AbortController();
  const seeded = seedPatiently({ config, database, readiness, clock, log, stopped: stopping.signal });
  const servers = {
    visitors: gracefulServer(publicApp(config, database, metrics, background, clock, log)),
    internal: gracefulServer(
      internalApp({ readiness, metrics, usage: () => readUsage(database, config.vaultId, meters, clock) }),
    ),
  };
  const [port, internalPort] = await Promise.all([
    servers.visitors.listen(config.port),
    servers.internal.listen(config.internalPort),
  ]);
  log.info("listening", { port, internalPort, schemaVersion: neededSchemaVersion, access: config.access });
  return {
    port,
    internalPort,
    stop: async () => {
      stopping.abort();
      await seeded;
      await stopGracefully({ config, readiness, servers, background, database, log });
    },
  };
}

import { pino, type Logger } from "pino";
import { clusterAccess } from "../kube/cluster-access.ts";
import { createLiveKube } from "../kube/live-kube.ts";
import { verifyAudit } from "./audit/verify-audit.ts";
import { systemClock } from "./clock.ts";
import { type Config, readConfig } from "./config.ts";
import { migrate } from "./db/migrate.ts";
import { prepareDatabase } from "./db/prepare-database.ts";
import { openRegistry } from "./db/registry-database.ts";
import { readSetup, type RegistrySetup } from "./db/setup-config.ts";
import { untilDatabaseAnswers } from "./db/until-database-answers.ts";
import { createKubeTenantCluster } from "./gateways/kube-tenant-cluster.ts";
import { createSmtpMailer } from "./gateways/smtp-mailer.ts";
import { closeGracefully, listenOn } from "./http/graceful-server.ts";
import { createInternalServer } from "./http/internal-server.ts";
import { createProcessMetrics } from "./http/metrics.ts";
import { createKeyStore } from "./oidc/key-store.ts";
import { type Admin, makeAdmin } from "./platform/make-admin.ts";
import { setUpRegistry } from "./platform/set-up-registry.ts";
import { createSealer } from "./sealer.ts";
import { serve } from "./serve.ts";
import { startWorker } from "./worker.ts";

const usage = `Usage: control-api <command>

  serve                            console and API
  work                             what goes on behind them: mails, Tenants, and what Tenants say
  set-up [<mail address> <name>]   prepare-database, migrate and make-admin for whoever is named
  prepare-database                 makes the registry's accounts and its empty database
  migrate                          brings the registry to the newest schema
  make-admin <mail address> <name> makes somebody a platform admin
  verify-audit                     says whether the audit log is whole
  rotate-keys                      announces a new signing key of the OpenID issuer`;

const logOf = ({ logLevel }: Config): Logger =>
  pino({ level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });

const adminOf = ([email = "", name = ""]: readonly string[]): Admin => ({ email, name });

const openCluster = (config: Config, log: Logger) => {
  const kube = createLiveKube({ access: clusterAccess(config.kubeconfig), fieldManager: "polyphony-control-api" });
  const onTrouble = (error: unknown): void => log.warn({ err: error }, "Tenants cannot be watched");
  return {
    cluster: createKubeTenantCluster({ kube, instance: config.tenantInstance, onTrouble }),
    close: () => kube.close(),
  };
};

/** Stops once, at the first signal; a second one ends the process at once. */
const untilSignal = (log: Logger, stop: () => Promise<void>): void => {
  const once = (signal: NodeJS.Signals): void => {
    process.once(signal, () => {
      log.info({ signal }, "stopping: what is under way is finished first");
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, "could not stop in good order");
          process.exit(1);
        },
      );
    });
  };
  once("SIGTERM");
  once("SIGINT");
};

const serveApi = async (config: Config, log: Logger): Promise<void> => {
  const serving = await serve(config, log);
  untilSignal(log, () => serving.stop());
  log.info({ port: serving.port, internalPort: serving.internalPort }, "listening");
};

const work = async (config: Config, log: Logger): Promise<void> => {
  const { cluster, close } = openCluster(config, log);
  const registry = openRegistry(config.registry);
  const metrics = createProcessMetrics();
  const internal = createInternalServer({ metrics, ready: () => registry.ping() });
  const internalPort = await listenOn(internal, config.internalPort);
  const stop = startWorker({
    config,
    registry,
    cluster,
    mailer: createSmtpMailer(config.mail),
    clock: systemClock,
    log,
    metrics,
  });
  untilSignal(log, async () => {
    await stop().finally(close);
    await closeGracefully(internal, 1_000);
    await registry.close();
  });
  log.info({ internalPort }, "working");
};

/** Says whether the audit log is whole; ends the process with 1 when it is not. */
const reportAudit = async (config: Config): Promise<void> => {
  const registry = openRegistry(config.registry, { max: 1 });
  const { whole, entries, broken } = await verifyAudit(registry).finally(() => registry.close());
  for (const { chain, number } of broken)
    process.stdout.write(`broken: chain ${chain} from entry ${String(number)} on\n`);
  process.stdout.write(`${String(entries)} entries, ${whole ? "whole" : `${String(broken.length)} chains broken`}\n`);
  if (!whole) process.exitCode = 1;
};

/** Announces a new signing key, whatever the age of the present one. */
const rotateKeys = async (config: Config): Promise<void> => {
  const registry = openRegistry(config.registry, { max: 1 });
  const keys = createKeyStore({ registry, sealer: createSealer(config.tokenKey), clock: systemClock });
  const { added } = await keys.upkeep(true).finally(() => registry.close());
  process.stdout.write(added ? "a new key is published and signs in an hour\n" : "a new key is announced already\n");
};

const tellSteps = (taken: readonly string[]): void =>
  void process.stdout.write(`${taken.length === 0 ? "the schema is the newest" : taken.join("\n")}\n`);

/** The commands that need the registry's database and nothing else that an installation has. */
const databaseCommands = new Map<string, (setup: RegistrySetup, words: readonly string[]) => Promise<void>>([
  [
    "set-up",
    async (setup, words) => tellSteps(await setUpRegistry(setup, words.length > 0 ? adminOf(words) : undefined)),
  ],
  [
    "prepare-database",
    async ({ urls, database, accounts }) => {
      await untilDatabaseAnswers(urls.admin);
      await prepareDatabase(urls.admin, database, accounts);
    },
  ],
  ["migrate", async ({ urls }) => tellSteps(await migrate(urls.owner))],
]);

const commands = new Map<string, (config: Config, words: readonly string[]) => Promise<void>>([
  ["serve", (config) => serveApi(config, logOf(config))],
  ["work", (config) => work(config, logOf(config))],
  ["verify-audit", reportAudit],
  ["rotate-keys", rotateKeys],
  ["make-admin", (config, words) => makeAdmin(config.registry, adminOf(words))],
]);

const run = async (name = "", ...words: string[]): Promise<void> => {
  const onDatabase = databaseCommands.get(name);
  if (onDatabase) return onDatabase(readSetup(process.env), words);
  const command = commands.get(name);
  if (!command) throw new Error(usage);
  return command(readConfig(process.env), words);
};

try {
  await run(...process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Tenant } from "../../crds/index.ts";
import { readConfig } from "../../control-api/config.ts";
import { openRegistry, type RegistryDatabase } from "../../control-api/db/registry-database.ts";
import { serve } from "../../control-api/serve.ts";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { createLiveKube } from "../../kube/live-kube.ts";
import { freePorts } from "../harness/free-ports.ts";
import { startRedis, type RedisServer } from "../harness/redis.ts";
import { started } from "../harness/started.ts";
import { connectApiServer } from "../integration/api-server.ts";
import { installCrds } from "../integration/install-crds.ts";
import { createMailbox, type Mailbox } from "../stand-ins/mail-catcher/mailbox.ts";
import { catchMail } from "../stand-ins/mail-catcher/smtp.ts";
import { controlApiPrograms, type ControlApiPrograms, type WorkerProgram } from "./control-api-programs.ts";
import { publishChoir } from "./publish-choir.ts";
import { aRegistry, type RegistryUrlsOfAll } from "./a-registry.ts";

export const tenantKind = typed<Tenant>(kinds.tenant);

/** A mail server that can be away for a while, on the same port. */
interface MailServer {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A registry with its API in this process and its worker in one of its own; database, queue, mail server and cluster are real. */
export interface ControlApi {
  readonly url: string;
  readonly mails: Mailbox;
  readonly mailServer: MailServer;
  readonly redis: RedisServer;
  readonly registry: RegistryDatabase;
  readonly kube: Kube;
  /** Of this registry's Tenants. */
  readonly instance: string;
  tenants(): Promise<Tenant[]>;
  /** For a cluster that goes on after `stop`. */
  removeTenants(): Promise<void>;
  readonly accounts: RegistryUrlsOfAll;
  readonly worker: WorkerProgram;
  /** More of them. What is started by them, whoever started it ends. */
  readonly programs: ControlApiPrograms;
  stop(): Promise<void>;
}

const mailServerOn = (port: number, mailbox: Mailbox): MailServer => {
  let server = catchMail(mailbox, () => new Date());
  return {
    start: async () => {
      server = catchMail(mailbox, () => new Date());
      server.on("error", () => undefined);
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
      });
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
};

const root = join(import.meta.dirname, "../..");

const makeReadyForTenants = async (): Promise<void> => {
  const server = await connectApiServer();
  await installCrds(server);
  server.close();
};

interface Surroundings {
  readonly folder: string;
  readonly instance: string;
  readonly smtpPort: number;
  readonly redis: RedisServer;
  readonly accounts: RegistryUrlsOfAll;
}

const environmentIn = async ({ folder, instance, smtpPort, redis, accounts }: Surroundings) => {
  const keyFile = join(folder, "token-key");
  await writeFile(keyFile, randomBytes(32).toString("hex"));
  return {
    PUBLIC_URL: "http://console.polyphony.test",
    VAULT_URL_TEMPLATE: "http://{slug}.vaults.test",
    REGISTRY_APP_URL: accounts.app,
    REGISTRY_PLATFORM_URL: accounts.platform,
    REDIS_URL: redis.url,
    SMTP_URL: `smtp://127.0.0.1:${String(smtpPort)}`,
    MAIL_FROM: "Polyphony <no-reply@polyphony.test>",
    TOKEN_KEY_FILE: keyFile,
    TENANT_INSTANCE: instance,
    RESERVED_SLUGS_FILE: join(root, "charts/polyphony/files/reserved-slugs.yaml"),
    KUBECONFIG: process.env["POLYPHONY_TEST_KUBECONFIG"] ?? "",
    PORT: "0",
    INTERNAL_PORT: "0",
  };
};

const tenantsOf = (kube: Kube, instance: string): Pick<ControlApi, "tenants" | "removeTenants"> => {
  const tenants = () => kube.list(tenantKind, { labelSelector: `polyphony.dev/instance=${instance}` });
  return {
    tenants,
    removeTenants: async () => {
      for (const { metadata } of await tenants()) await kube.delete(tenantKind, { name: metadata.name });
    },
  };
};

/** Starts all of it on the servers that the environment names (`node test/harness/run.ts`); `settings` go over its own. */
export const startControlApi = async (settings: Record<string, string> = {}): Promise<ControlApi> => {
  const folder = await mkdtemp(join(tmpdir(), "polyphony-control-api-"));
  const instance = `test-${randomBytes(3).toString("hex")}`;
  const [smtpPort = 0] = await freePorts(1);
  const mails = createMailbox(5_000);
  const mailServer = mailServerOn(smtpPort, mails);
  const [redis, accounts] = await Promise.all([
    startRedis(),
    aRegistry(started.adminUrl()),
    mailServer.start(),
    makeReadyForTenants(),
  ]);
  const own = await environmentIn({ folder, instance, smtpPort, redis, accounts });
  const environment = { ...own, ...settings };
  const config = readConfig(environment);
  const kube = createLiveKube({ access: clusterAccess(config.kubeconfig), fieldManager: "polyphony-control-api" });
  const registry = openRegistry(config.registry);
  const withdrawChoir = await publishChoir(kube, registry);
  const serving = await serve(config, pino({ level: process.env["TEST_LOG_LEVEL"] ?? "fatal" }));
  const programs = controlApiPrograms(environment, folder);
  const worker = programs.startWorker();
  return {
    url: `http://127.0.0.1:${String(serving.port)}`,
    mails,
    mailServer,
    redis,
    registry,
    kube,
    instance,
    accounts,
    ...tenantsOf(kube, instance),
    worker,
    programs,
    stop: async () => {
      await worker.stop();
      await serving.stop();
      await withdrawChoir();
      await Promise.all([registry.close(), redis.stop(), mailServer.stop()]);
      await rm(folder, { recursive: true, force: true });
      kube.close();
    },
  };
};

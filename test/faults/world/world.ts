import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { clusterAccess } from "../../../kube/cluster-access.ts";
import { kinds, typed } from "../../../kube/kinds.ts";
import { createLiveKube, type LiveKube } from "../../../kube/live-kube.ts";
import type { VaultRelease } from "../../../crds/index.ts";
import { applyCrds } from "../../../operator/apply-crds.ts";
import { silentLog } from "../../../operator/engine/log.ts";
import { createSecrets, type Secrets } from "../../../operator/secrets.ts";
import { type ControlPlane, startControlPlane } from "../../harness/control-plane.ts";
import { type PostgresServer, startPostgres } from "../../harness/postgres.ts";
import { type ApiProxy, type SeenRead, startApiProxy } from "../proxies/api-proxy.ts";
import { createGate, type WorldGate } from "../proxies/gate.ts";
import { type SqlProxy, startSqlProxy } from "../proxies/sql-proxy.ts";
import { type Admin, connectAdmin } from "./admin.ts";
import { type Kubelet, startKubelet } from "./kubelet.ts";
import { type Ledger, startLedger } from "./ledger.ts";
import { manifests } from "./manifests.ts";
import { createOperatorProcess, type OperatorProcess, writeKubeconfig } from "./operator-process.ts";

/** One whole installation in small: a real control plane, a real PostgreSQL, the operator, and proxies before both. */
export interface World {
  readonly plane: ControlPlane;
  readonly postgres: PostgresServer;
  /** Past the proxies: for the test itself. */
  readonly kube: LiveKube;
  readonly admin: Admin;
  readonly gate: WorldGate;
  readonly api: ApiProxy;
  readonly sql: SqlProxy;
  readonly kubelet: Kubelet;
  readonly ledger: Ledger;
  readonly operator: OperatorProcess;
  readonly secrets: Secrets;
  /** What must never be seen outside of Secrets, beside what is derived for each vault. */
  readonly canaries: readonly string[];
  /** Single objects that the operator has read, newest last. */
  readonly reads: SeenRead[];
  stop(): Promise<void>;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** What `server-setup.sql` says to the administrator of a server. */
const setUpServer = async (admin: Admin): Promise<void> => {
  await admin.run(
    `GRANT CONNECT ON DATABASE postgres, template1 TO polyphony_operator;
     REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
     CREATE ROLE stranger LOGIN PASSWORD 'stranger'`,
  );
  await admin.runIn(
    "template1",
    "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC",
  );
};

const seed = async (kube: LiveKube, sqlUrl: string, postgres: PostgresServer): Promise<void> => {
  const { home, migrations, template } = manifests;
  await applyCrds(kube, silentLog(), (ms) => sleep(ms));
  const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
  for (const name of [home, migrations]) await kube.create(kinds.namespace, { metadata: { name, labels: restricted } });
  await kube.create(kinds.secret, { metadata: { namespace: home, name: "connection" }, data: { url: base64(sqlUrl) } });
  await kube.create(kinds.databaseServer, manifests.databaseServer(postgres.host, postgres.port));
  await kube.create(kinds.vaultTemplate, manifests.templateOf(template));
  for (const major of [1, 2] as const) await kube.create(kinds.vaultRelease, manifests.releaseOf(template, major));
};

const releasesReady = async (kube: LiveKube): Promise<void> => {
  for (let tries = 0; tries < 600; tries += 1) {
    const releases = await kube.list(typed<VaultRelease>(kinds.vaultRelease));
    const ready = releases.filter(({ status }) => status?.goldenTemplates?.some(({ state }) => state === "Ready"));
    if (ready.length === 2) return;
    await sleep(100);
  }
  throw new Error("the golden templates were not ready after a minute");
};

/** Starts everything and waits until tenants can come. `program` is the operator's bundle. */
export const startWorld = async (folder: string, program: string): Promise<World> => {
  await mkdir(folder, { recursive: true });
  const [plane, postgres] = await Promise.all([startControlPlane(), startPostgres({ fsync: "off" })]);
  const kube = createLiveKube({ access: clusterAccess(plane.kubeconfigPath), fieldManager: "faults", maxInFlight: 64 });
  const admin = connectAdmin(postgres.adminUrl);
  await setUpServer(admin);
  const gate = createGate();
  const reads: SeenRead[] = [];
  const sql = await startSqlProxy(postgres.operatorUrl, gate);
  const onRead = (read: SeenRead): void => void reads.push(read);
  const api = await startApiProxy({ target: new URL(plane.url), ca: plane.ca, gate, onRead });
  await seed(kube, sql.url, postgres);
  const [kubelet, ledger] = await Promise.all([startKubelet(kube), startLedger(kube)]);

  const masterKey = randomBytes(32);
  const smtpPassword = `canary-smtp-${randomBytes(9).toString("hex")}`;
  const masterKeyFile = join(folder, "master-key");
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(masterKeyFile, masterKey.toString("base64"), { mode: 0o600 });
  await writeKubeconfig(kubeconfig, api.url, plane.token);
  const operator = createOperatorProcess({
    folder,
    program,
    kube,
    environment: {
      NAMESPACE: manifests.home,
      MIGRATIONS_NAMESPACE: manifests.migrations,
      PUBLIC_URL_TEMPLATE: "https://{slug}.choirs.example",
      MASTER_KEY_FILE: masterKeyFile,
      SMTP_URL: `smtp://user:${smtpPassword}@mail.example:587`,
      MAIL_FROM: "no-reply@choirs.example",
      KUBECONFIG: kubeconfig,
      PORT: "0",
      // All it can say, so that a secret in any of it is found.
      LOG_LEVEL: "debug",
    },
  });
  operator.start();
  const supervisor = setInterval(() => void operator.supervise(), 500);
  await releasesReady(kube);
  const operatorPassword = decodeURIComponent(new URL(postgres.operatorUrl).password);
  return {
    ...{ plane, postgres, kube, admin, gate, api, sql, kubelet, ledger, operator, reads },
    secrets: createSecrets(masterKey),
    canaries: [smtpPassword, operatorPassword, masterKey.toString("base64"), plane.token],
    stop: async () => {
      clearInterval(supervisor);
      await operator.stop();
      await Promise.all([kubelet.stop(), ledger.stop(), api.close(), sql.close(), admin.close()]);
      kube.close();
      await Promise.all([plane.stop(), postgres.stop()]);
    },
  };
};

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseServer, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kube } from "../../kube/kube.ts";
import { createLiveKube } from "../../kube/live-kube.ts";
import { vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import { createPgServers } from "../../operator/database/pg-servers.ts";
import type { DatabaseServer as ServerHandle } from "../../operator/database/tenant-database.ts";
import { aRelease, aTemplate } from "../builders/a-world.ts";
import { skewedTimer } from "../builders/skewed-timer.ts";
import { openRealPostgres, run, urlAt } from "../contract/real-postgres.ts";
import { aGolden, migratorPassword, soon } from "../contract/tenant-database-kit.ts";
import type { DeletionStage } from "../contract/deletion-stage.ts";
import { started } from "../harness/started.ts";
import { connectApiServer } from "./api-server.ts";
import { installCrds } from "./install-crds.ts";

const suffix = randomBytes(3).toString("hex");
const [template, serverName, namespace] = [`choir-${suffix}`, `main-${suffix}`, `deletion-${suffix}`];
const release = `${template}-1.0.0`;
const instance = `deletion-${suffix}`;

const golden = aGolden({ release, template, schemaVersion: 1 });

/** The golden template, made as the release's Job would have made it. */
const makeGolden = async (server: ServerHandle, operatorUrl: string): Promise<void> => {
  await server.createGoldenDraft(golden, soon());
  const url = urlAt(operatorUrl, golden.database, `choir_${suffix}_migrator`, migratorPassword);
  await run(
    url,
    `CREATE TABLE schema_version (only_row boolean PRIMARY KEY DEFAULT true, version integer NOT NULL);
     INSERT INTO schema_version (version) VALUES (1);
     CREATE TABLE member (name text NOT NULL);
     CREATE TABLE sign_in (id bigserial PRIMARY KEY, token text NOT NULL)`,
  );
  await server.finishGolden(golden);
};

const ready = (now: string) => ({
  conditions: [{ type: "Ready", status: "True", reason: "Ready", message: "Ready.", lastTransitionTime: now }],
});

const publish = async (kube: Kube): Promise<void> => {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const { spec } = aTemplate();
  const { spec: version } = aRelease();
  await kube.create(typed<VaultTemplate>(kinds.vaultTemplate), { metadata: { name: template }, spec } as VaultTemplate);
  await kube.create(typed<VaultRelease>(kinds.vaultRelease), {
    metadata: { name: release },
    spec: { ...version, template, image: { digest: golden.digest } },
  } as VaultRelease);
  const goldenTemplates = [{ server: serverName, database: golden.database, state: "Ready" }];
  await kube.patchStatus(kinds.vaultRelease, { name: release }, { status: { goldenTemplates, ...ready(now) } });
  const secretRef = { namespace, name: "connection", key: "url" };
  await kube.create(typed<DatabaseServer>(kinds.databaseServer), {
    metadata: { name: serverName },
    spec: { connection: { secretRef }, networkPeers: [{ ipBlock: { cidr: "10.0.0.7/32" }, ports: [{ port: 5432 }] }] },
  } as unknown as DatabaseServer);
  await kube.patchStatus(kinds.databaseServer, { name: serverName }, { status: { databases: 0, ...ready(now) } });
};

/** What a kubelet would say of the vault's pods; they have no node, so they go as soon as they are deleted. */
const comeUp = async (kube: Kube, at: string): Promise<void> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const pods = await kube.list(kinds.pod, { namespace: at });
    for (const { metadata, spec, status } of pods) {
      if (status?.phase === "Running") return;
      const conditions = ["Initialized", "ContainersReady", "Ready"].map((type) => ({ type, status: "True" }));
      const containerStatuses = (spec?.containers ?? []).map(({ name, image = "" }) => {
        const state = { running: { startedAt: null } };
        return { name, image, imageID: image, ready: true, started: true, restartCount: 0, state };
      });
      const running = {
        phase: "Running",
        podIP: "10.0.0.5",
        podIPs: [{ ip: "10.0.0.5" }],
        conditions,
        containerStatuses,
      };
      await kube.patchStatus(kinds.pod, { namespace: at, name: metadata?.name ?? "" }, { status: running });
    }
    await sleep(50);
  }
  throw new Error(`no pod came up in ${at}`);
};

/** A DeletionStage on the API server and the PostgreSQL of the test run. */
export const openRealDeletionStage = async (): Promise<DeletionStage> => {
  const [adminUrl, operatorUrl] = [started.adminUrl(), started.operatorUrl()];
  const api = await connectApiServer();
  await installCrds(api);
  api.close();
  const access = clusterAccess(started.kubeconfig());
  const kube = createLiveKube({ access, fieldManager: "polyphony-operator" });
  const clock = skewedTimer();
  const postgres = await openRealPostgres({ adminUrl, operatorUrl });
  const first = await postgres.start({ instance, holder: "stage" });
  await makeGolden(first.server, operatorUrl);
  await first.servers.close();
  await kube.create(kinds.namespace, { metadata: { name: namespace } });
  await publish(kube);
  const rows = async (vaultId: string): Promise<string[] | null> => {
    const name = vaultDatabaseName(vaultId);
    const [found] = await run<{ open: boolean }>(
      adminUrl,
      "SELECT datallowconn AS open FROM pg_database WHERE datname = $1",
      [name],
    );
    if (!found) return null;
    const member = () => run<{ name: string }>(urlAt(adminUrl, name), "SELECT name FROM member ORDER BY 1");
    if (found.open) return (await member()).map((row) => row.name);
    // Closed for everybody: a copy is read, so that the vault's own stays as it is.
    const copy = `copy_${randomBytes(4).toString("hex")}`;
    await run(adminUrl, `CREATE DATABASE ${copy} TEMPLATE ${name}`);
    const read = await run<{ name: string }>(urlAt(adminUrl, copy), "SELECT name FROM member ORDER BY 1");
    await run(adminUrl, `DROP DATABASE ${copy}`);
    return read.map((row) => row.name);
  };
  return {
    kube,
    clock,
    later: clock.later,
    template,
    server: serverName,
    namespace,
    selector: `polyphony.dev/instance=${instance}`,
    connect: async (epoch, onEffect) => {
      const servers = createPgServers({ epoch: epoch + 1, instance, holder: `operator-${epoch}`, clock, onEffect });
      await servers.connect(serverName, { url: operatorUrl, sslMode: "disable", capacity: 1000 });
      return servers;
    },
    rows,
    write: async (vaultId, row) => {
      await run(urlAt(adminUrl, vaultDatabaseName(vaultId)), "INSERT INTO member (name) VALUES ($1)", [row]);
    },
    traces: async (vaultId) => {
      const [database, a, b] = [vaultDatabaseName(vaultId), vaultLoginName(vaultId, "a"), vaultLoginName(vaultId, "b")];
      const found = await run<{ name: string; open: boolean }>(
        adminUrl,
        `SELECT datname AS name, datallowconn AS open FROM pg_database WHERE datname = $1
         UNION ALL SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname = ANY ($2)`,
        [database, [a, b]],
      );
      return { names: found.map(({ name }) => name), open: found.some(({ open }) => open) };
    },
    podsComeUp: (at) => comeUp(kube, at),
    close: async () => {
      for (const [kind, name] of [
        [kinds.vaultRelease, release],
        [kinds.vaultTemplate, template],
        [kinds.databaseServer, serverName],
        [kinds.namespace, namespace],
      ] as const)
        await kube.delete(kind, { name }).catch(ignoreNotFound);
      await postgres.stop();
      kube.close();
    },
  };
};

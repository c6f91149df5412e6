import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DatabaseServer, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kind, Kube, KubeObject } from "../../kube/kube.ts";
import type { Cached, Reflector } from "../../kube/reflector.ts";
import { createLiveKube } from "../../kube/live-kube.ts";
import { createPgServers } from "../../operator/database/pg-servers.ts";
import type { DatabaseServers } from "../../operator/database/tenant-database.ts";
import {
  databaseServerKind,
  reconcileDatabaseServer,
} from "../../operator/database-server/reconcile-database-server.ts";
import type { ReconcileContext } from "../../operator/engine/controller.ts";
import { reconcileRelease } from "../../operator/release/reconcile-release.ts";
import { releaseKind } from "../../operator/release/report-status.ts";
import { createSecrets } from "../../operator/secrets.ts";
import { exampleMigration, run } from "../contract/real-postgres.ts";
import { announceEnd } from "../harness/announce-end.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";
import { connectApiServer } from "./api-server.ts";
import { installCrds } from "./install-crds.ts";

const suffix = randomBytes(3).toString("hex");
const [namespace, serverName, templateName] = [`migrations-${suffix}`, `main-${suffix}`, `choir-${suffix}`];
const releaseName = `${templateName}-1.0.0`;
const digest = `sha256:${randomBytes(32).toString("hex")}`;
const clock = { now: () => new Date() };

let kube: Kube & { close(): void };
let servers: DatabaseServers;
const objects = new Map<string, KubeObject>();

const cacheOf = <T extends KubeObject>(): Pick<Reflector<T>, "get" | "values"> => {
  const cached = (name: string): Cached<T> | undefined => {
    const value = objects.get(name) as T | undefined;
    return value && { key: name, uid: value.metadata?.uid ?? "", resourceVersion: "", value };
  };
  return {
    get: cached,
    values: () => [serverName].flatMap((name) => cached(name) ?? []).values(),
  };
};

const read = async <T extends KubeObject>(kind: Kind<T>, name: string): Promise<T | undefined> => {
  const object = await kube.find(kind, { name });
  if (object) objects.set(name, object);
  else objects.delete(name);
  return object;
};

const visitServer = async (): Promise<DatabaseServer | undefined> => {
  await read(databaseServerKind, serverName);
  const deps = { kube, clock, servers, cache: cacheOf<DatabaseServer>(), tenantsOn: () => 0 };
  await reconcileDatabaseServer(deps)(serverName, {} as ReconcileContext);
  return read(databaseServerKind, serverName);
};

const visitRelease = async (): Promise<VaultRelease | undefined> => {
  await read(releaseKind, releaseName);
  const outcome = await reconcileRelease({
    kube,
    clock,
    servers,
    namespace,
    imagePullSecrets: [],
    secrets: createSecrets(randomBytes(32).fill(7)),
    tenantsOf: () => 0,
    usersOf: () => [],
    followersOf: () => null,
    caches: {
      releases: cacheOf<VaultRelease>(),
      templates: cacheOf<VaultTemplate>(),
      servers: cacheOf<DatabaseServer>(),
    },
  })(releaseName, {} as ReconcileContext);
  if (outcome.kind === "failed") throw new Error(outcome.message, { cause: outcome.cause });
  return read(releaseKind, releaseName);
};

const readyOf = (object: VaultRelease | DatabaseServer | undefined) =>
  object?.status?.conditions?.find(({ type }) => type === "Ready");

const job = async () => {
  const jobs = await kube.list(kinds.job, { namespace });
  expect(jobs).toHaveLength(1);
  return jobs[0];
};

/** What the pod would do: the list from the Secret, each database migrated. */
const runMigrations = async (name: string): Promise<void> => {
  const secret = await kube.get(kinds.secret, { namespace, name });
  const list = Buffer.from(secret.data?.["databases.ndjson"] ?? "", "base64").toString("utf8");
  for (const line of list.trim().split("\n")) await run((JSON.parse(line) as { url: string }).url, exampleMigration(1));
};

beforeAll(async () => {
  const api = await connectApiServer();
  await installCrds(api);
  api.close();
  kube = createLiveKube({
    access: clusterAccess(started.kubeconfig()),
    fieldManager: "polyphony-operator",
  });
  servers = createPgServers({ epoch: 1, instance: `release-${suffix}`, holder: "test", clock });
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await kube.create(kinds.namespace, { metadata: { name: namespace, labels } });
  const url = Buffer.from(started.operatorUrl()).toString("base64");
  await kube.create(kinds.secret, { metadata: { namespace, name: "connection" }, data: { url } });
  const secretRef = { namespace, name: "connection" };
  await kube.apply(databaseServerKind, {
    metadata: { name: serverName },
    spec: { connection: { secretRef }, networkPeers: [{ ipBlock: { cidr: "10.0.0.7/32" }, ports: [{ port: 5432 }] }] },
  } as unknown as DatabaseServer);
  const templateKind = typed<VaultTemplate>(kinds.vaultTemplate);
  await kube.apply(templateKind, {
    metadata: { name: templateName },
    spec: {
      displayName: "Choir",
      image: { repository: "registry.example/choir" },
      writableWhenReadOnly: ["sign_in"],
      channels: { stable: "1.0.0" },
      plans: {
        free: {
          requests: { cpu: "10m", memory: "32Mi" },
          limits: { cpu: "100m", memory: "64Mi" },
          quota: { cpu: "1", memory: "1Gi", pods: 4 },
        },
      },
    },
  } as unknown as VaultTemplate);
  await kube.apply(releaseKind, {
    metadata: { name: releaseName },
    spec: { template: templateName, version: "1.0.0", image: { digest }, schemaVersion: 1 },
  } as unknown as VaultRelease);
  await read(templateKind, templateName);
});

afterAll(async () => {
  const release = objects.get(releaseName) as VaultRelease | undefined;
  for (const { database } of release?.status?.goldenTemplates ?? [])
    await servers.get(serverName)?.dropGolden(database);
  await servers.close();
  for (const [kind, name] of [
    [releaseKind, releaseName],
    [databaseServerKind, serverName],
    [kinds.vaultTemplate, templateName],
  ] as const)
    if (await kube.find(kind, { name })) {
      await kube.patch(kind, { name }, { metadata: { finalizers: null } });
      await kube.delete(kind as Kind, { name }).catch(() => undefined);
    }
  kube.close();
});

describe("releases and database servers on a real API server", () => {
  it("K2: a DatabaseServer becomes ready, and a second look writes nothing", async () => {
    const ready = await visitServer();
    expect(readyOf(ready)).toMatchObject({ status: "True" });
    expect(ready?.status?.version).toMatch(/^1\d\.\d+/);
    expect((await visitServer())?.metadata.resourceVersion).toBe(ready?.metadata.resourceVersion);
  });

  it("K2: a release's Job and pod pass the restricted rules, and its golden template becomes ready, once", async () => {
    expect(readyOf(await visitRelease())).toMatchObject({ status: "False", reason: "Migrating" });
    await visitRelease();
    const name = (await job())?.metadata?.name ?? "";
    // The Job controller makes the pod only if admission lets it.
    const pods = await eventually("a pod is made", async () => {
      const found = await kube.list(kinds.pod, { namespace });
      return found.length > 0 && found;
    });
    expect(pods).toHaveLength(1);
    await runMigrations(name);
    await announceEnd(kube, { namespace, name }, true);
    const ready = await visitRelease();
    expect(readyOf(ready)).toMatchObject({ status: "True" });
    expect(ready?.status?.goldenTemplates).toMatchObject([{ server: serverName, state: "Ready" }]);
    expect((await visitRelease())?.metadata.resourceVersion).toBe(ready?.metadata.resourceVersion);
  });

  it("a release that is deleted takes its golden template with it", async () => {
    const database = (objects.get(releaseName) as VaultRelease).status?.goldenTemplates?.[0]?.database ?? "";
    await kube.delete(releaseKind, { name: releaseName });
    expect(await visitRelease()).toBeUndefined();
    expect(await servers.get(serverName)?.observeGolden(database)).toBeNull();
  });
});

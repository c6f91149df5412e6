import type { DatabaseServer, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import { createFakeKube, type FakeKube } from "../../kube/fake-kube.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/kube.ts";
import { createFakePostgres, type FakePostgres, fakeReadyGolden } from "../../operator/database/fake-postgres.ts";
import { createFakeServers } from "../../operator/database/fake-servers.ts";
import { goldenName } from "../../operator/database/names.ts";
import { aRelease, aServer, aTemplate } from "../builders/a-world.ts";
import { skewedTimer } from "../builders/skewed-timer.ts";
import type { DeletionStage } from "./deletion-stage.ts";

const put = async <T extends KubeObject & { metadata: { name: string } }>(
  kube: FakeKube,
  kind: Kind<T>,
  object: T,
  status?: unknown,
): Promise<void> => {
  const { name } = object.metadata;
  await kube.create(kind, { ...object, metadata: { name } });
  if (status) await kube.patchStatus(kind, { name }, { status });
};

const comeUp = async (kube: FakeKube, namespace: string): Promise<void> => {
  const ref = { name: "vault", namespace };
  const { metadata } = await kube.get(kinds.deployment, ref);
  const status = {
    observedGeneration: metadata?.generation ?? 1,
    replicas: 1,
    updatedReplicas: 1,
    availableReplicas: 1,
  };
  await kube.patchStatus(kinds.deployment, ref, { status });
  if (await kube.find(kinds.endpointSlice, { name: "vault-x", namespace })) return;
  const service = await kube.get(kinds.service, ref);
  await kube.create(kinds.endpointSlice, {
    metadata: {
      name: "vault-x",
      namespace,
      labels: { ...service.metadata?.labels, "kubernetes.io/service-name": "vault" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.0.0.5"], conditions: { ready: true } }],
  });
};

export type FakeDeletionStage = DeletionStage & { kube: FakeKube; postgres: FakePostgres };

/** A DeletionStage in memory. */
export const openFakeDeletionStage = async (): Promise<FakeDeletionStage> => {
  const kube = createFakeKube();
  const postgres = createFakePostgres();
  const clock = skewedTimer();
  const release = aRelease();
  const { digest } = release.spec.image;
  await put(kube, typed<VaultTemplate>(kinds.vaultTemplate), aTemplate());
  await put(kube, typed<VaultRelease>(kinds.vaultRelease), release, release.status);
  await put(kube, typed<DatabaseServer>(kinds.databaseServer), aServer(), aServer().status);
  const name = release.metadata.name;
  const golden = { database: goldenName(name, digest), release: name, template: "choir", digest };
  fakeReadyGolden(postgres, { ...golden, schemaVersion: 1, writableWhenReadOnly: [] });
  /** Rows belong to a database: one that is made anew has none of them. */
  const contents = new WeakMap<object, string[]>();
  return {
    kube,
    postgres,
    clock,
    later: clock.later,
    template: "choir",
    server: "default",
    namespace: "default",
    selector: "",
    connect: async (epoch, onEffect) => {
      const servers = createFakeServers({
        clock,
        epoch,
        holder: `operator-${epoch}`,
        onEffect,
        postgresAt: () => postgres,
      });
      await servers.connect("default", { url: "postgres://o:x@db:5432/postgres", sslMode: "disable", capacity: 1000 });
      return servers;
    },
    rows: async (vaultId) => {
      await Promise.resolve();
      const database = postgres.vaults.get(vaultId)?.database;
      return database ? (contents.get(database) ?? []) : null;
    },
    write: async (vaultId, row) => {
      await Promise.resolve();
      const database = postgres.vaults.get(vaultId)?.database;
      if (!database) throw new Error(`the vault ${vaultId} has no database to write to`);
      contents.set(database, [...(contents.get(database) ?? []), row]);
    },
    traces: async (vaultId) => {
      await Promise.resolve();
      const vault = postgres.vaults.get(vaultId);
      const there = [vault?.database, vault?.roles.a, vault?.roles.b].flatMap((one) => one ?? []);
      return { names: there.map((one) => one.name), open: vault?.database?.allowConnections ?? false };
    },
    podsComeUp: (namespace) => comeUp(kube, namespace),
    close: () => Promise.resolve(),
  };
};

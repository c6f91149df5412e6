import { randomUUID } from "node:crypto";
import pg from "pg";
import { kinds } from "../../../kube/kinds.ts";
import type { Kube, KubeObject } from "../../../kube/kube.ts";
import { createReflector } from "../../../kube/reflector.ts";
import { resourcePath, withType } from "../../../kube/resource-path.ts";
import { controlDatabase } from "../../../operator/database/names.ts";
import * as sql from "../../../operator/database/pg-vault-sql.ts";
import { scramVerifier } from "../../../operator/database/scram.ts";
import type { CopyStrategy, VaultDatabaseSpec } from "../../../operator/database/tenant-database.ts";
import { childKinds } from "../../../operator/tenant/children/children.ts";
import { type DesiredChild, desiredChildren } from "../../../operator/tenant/desired.ts";
import { namespaceOf } from "../../../operator/tenant/names.ts";
import { aDesiredVault } from "../../builders/a-desired-vault.ts";
import { goldenSpec, readCatalogue, tenantSpec } from "../world/catalogue.ts";
import type { World } from "../world/open-world.ts";
import { createBareClient } from "./bare-client.ts";

/** One vault without an operator: its objects and statements, made beforehand. */
export type BareVault = {
  namespace: string;
  /** Stands for the Tenant, which somebody writes in any case, and for the status that says that it is ready. */
  record: KubeObject;
  stages: readonly (readonly DesiredChild[])[];
  statements: readonly string[];
  database: string;
};

/** Names and labels that the operator does not know, so that it leaves these alone. */
const estranged = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll("polyphony.dev/", "bare.example/")
      .replaceAll('"app.kubernetes.io/managed-by":"polyphony"', '"app.kubernetes.io/managed-by":"bench"')
      .replaceAll(/"vault-(?=[0-9a-f]{12}")/g, '"bare-'),
  ) as T;

const ownSql = (text: string): string => text.replaceAll(/vault_(?=[0-9a-f]{32})/g, "bare_");

/** The statements that a vault's database cannot do without: roles, copy, rights. */
const statementsOf = (vaultId: string, strategy: CopyStrategy): string[] => {
  const spec: VaultDatabaseSpec = {
    vaultId,
    template: goldenSpec.template,
    golden: goldenSpec.database,
    access: "ReadWrite",
    activeLogin: "a",
    passwordVersion: 1,
    verifier: scramVerifier("a-password"),
    connectionLimit: 10,
    strategy,
  };
  return [sql.createRolesSql(spec, ["a", "b"], null), sql.createDatabaseSql(spec), sql.openDatabaseSql(spec)].map(
    ownSql,
  );
};

/** Makes what the operator would make for one more tenant, from the same functions. */
export const createBareVaults = async ({ kube }: Pick<World, "kube">) => {
  const { template, release, server } = await readCatalogue(kube);
  return (strategy: CopyStrategy): BareVault => {
    const vaultId = randomUUID();
    const slug = `bare-${vaultId.slice(0, 8)}`;
    const base = aDesiredVault();
    const desired = aDesiredVault({
      slug,
      vaultId,
      namespace: namespaceOf(vaultId),
      spec: { ...base.spec, ...tenantSpec(slug) },
      template: template.spec,
      plan: template.spec.plans["free"] as never,
      release: release.spec,
      server,
    });
    const namespace = namespaceOf(vaultId).replace("vault-", "bare-");
    return {
      namespace,
      record: {
        metadata: { name: slug, namespace: "default" },
        data: { spec: JSON.stringify(desired.spec) },
      } as KubeObject,
      stages: estranged(desiredChildren(desired)),
      statements: statementsOf(vaultId, strategy),
      database: `bare_${vaultId.replaceAll("-", "")}`,
    };
  };
};

/** Sees Deployments become available, by a watch. */
const watchDeployments = async (kube: Kube) => {
  const waiting = new Map<string, () => void>();
  const reflector = createReflector({
    kube,
    kind: kinds.deployment,
    labelSelector: "app.kubernetes.io/managed-by=bench",
    project: ({ metadata, status }) => ({
      namespace: metadata?.namespace ?? "",
      up: (status?.availableReplicas ?? 0) > 0,
    }),
  });
  reflector.subscribe(({ now }) => {
    if (now?.up) waiting.get(now.namespace)?.();
  });
  reflector.start();
  await reflector.whenSynced();
  return {
    available: (namespace: string): Promise<void> =>
      new Promise((resolve) => {
        waiting.set(namespace, resolve);
        if (reflector.get(`${namespace}/vault`)?.value.up) resolve();
      }),
    stop: () => reflector.stop(),
  };
};

/** A client that makes and removes bare vaults with as little as possible. */
export type BareMaker = {
  /** One thing after the other, to the Deployment's being available. */
  inSequence(vault: BareVault): Promise<void>;
  /** The database and the objects side by side, the objects of one stage at once. */
  sideBySide(vault: BareVault): Promise<void>;
  /** Deletes the namespace, drops the database, and waits until both are gone. */
  remove(vault: BareVault): Promise<void>;
  close(): Promise<void>;
};

/** @param connections to the API server, and half as many to PostgreSQL */
export const createBareMaker = async (world: World, connections: number): Promise<BareMaker> => {
  const api = await createBareClient(world.kubeconfig, connections);
  const control = new URL(world.operatorUrl);
  control.pathname = `/${controlDatabase}`;
  const pool = new pg.Pool({ connectionString: control.href, max: Math.max(1, connections / 2) });
  pool.on("error", () => undefined);
  const deployments = await watchDeployments(world.kube);
  const write = async ({ kind, object }: DesiredChild): Promise<void> => {
    const { name = "", namespace } = object.metadata ?? {};
    const path = resourcePath(childKinds[kind], { name, namespace }, { fieldManager: "bench", force: true });
    await api.call("PATCH", path, withType(childKinds[kind], object), "application/apply-patch+yaml");
  };
  const records = resourcePath(kinds.configMap, { namespace: "default" });
  const recordPath = ({ record }: BareVault): string => `${records}/${record.metadata?.name ?? ""}`;
  const begin = (vault: BareVault): Promise<unknown> =>
    api.call("POST", records, withType(kinds.configMap, vault.record));
  const end = (vault: BareVault): Promise<unknown> =>
    api.call("PATCH", recordPath(vault), { data: { status: "Ready" } }, "application/merge-patch+json");
  const runSql = async (vault: BareVault): Promise<void> => {
    for (const statement of vault.statements) await pool.query(statement);
  };
  const gone = async (vault: BareVault): Promise<void> => {
    for (;;) {
      if (!(await world.kube.find(kinds.namespace, { name: vault.namespace }))) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  return {
    inSequence: async (vault) => {
      await begin(vault);
      for (const child of vault.stages.flat()) await write(child);
      await runSql(vault);
      await deployments.available(vault.namespace);
      await end(vault);
    },
    sideBySide: async (vault) => {
      const objects = async (): Promise<void> => {
        for (const stage of vault.stages) await Promise.all(stage.map(write));
      };
      await begin(vault);
      await Promise.all([objects(), runSql(vault)]);
      await deployments.available(vault.namespace);
      await end(vault);
    },
    remove: async (vault) => {
      await api.call("DELETE", resourcePath(kinds.namespace, { name: vault.namespace }));
      await pool.query(`DROP DATABASE "${vault.database}" WITH (FORCE)`);
      await pool.query(`DROP ROLE "${vault.database}_a", "${vault.database}_b"`);
      await gone(vault);
      await api.call("DELETE", recordPath(vault));
    },
    close: async () => {
      await deployments.stop();
      await pool.end();
      api.close();
    },
  };
};

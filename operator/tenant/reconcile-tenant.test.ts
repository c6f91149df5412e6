import { describe, expect, it } from "@jest/globals";
import type { DatabaseServer, Tenant, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import { createFakeKube, type FakeKube } from "../../kube/fake-kube.ts";
import { fakeTimer } from "../../kube/fake-timer.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/kube.ts";
import { aRelease, aServer, aTemplate, aTenant } from "../../test/builders/a-world.ts";
import { createFakePostgres, fakeReadyGolden, type FakePostgres } from "../database/fake-postgres.ts";
import { createFakeServers } from "../database/fake-servers.ts";
import { goldenName } from "../database/names.ts";
import { createDeletionBook } from "../deletion/deletion-book.ts";
import { silentLog } from "../engine/log.ts";
import { createSecrets } from "../secrets.ts";
import type { Outcome } from "../outcome.ts";
import type { TenantEvent } from "./deps.ts";
import { createDesiredMemory } from "./children/desired-memory.ts";
import { createDriftLedger } from "./drift/drift-ledger.ts";
import { tenantKind } from "./gather.ts";
import { reconcileTenant } from "./reconcile-tenant.ts";
import { createTenantCaches, tenantSources } from "./tenant-sources.ts";
import { aDesiredVault } from "../../test/builders/a-desired-vault.ts";

const slug = "alto-ensemble";
const context = { log: silentLog(), reconcileId: "1", signal: new AbortController().signal, failures: 0 };

/** An object as a person would apply it: without what the API server gives. */
const stripped = <T extends { metadata: { name: string } }>(object: T): T => ({
  ...object,
  metadata: { name: object.metadata.name },
});

const put = async <T extends KubeObject>(kube: FakeKube, kind: Kind<T>, object: T, status: unknown): Promise<void> => {
  await kube.create(kind, object);
  if (status) await kube.patchStatus(kind, { name: object.metadata?.name ?? "" }, { status });
};

/** An installation in memory: one template, one release with its golden template, one server; and the way to reconcile. */
const scene = async (postgres: FakePostgres = createFakePostgres()) => {
  const kube = createFakeKube();
  const clock = fakeTimer();
  await put(kube, typed<VaultTemplate>(kinds.vaultTemplate), stripped(aTemplate()), undefined);
  await put(kube, typed<VaultRelease>(kinds.vaultRelease), stripped(aRelease()), aRelease().status);
  await put(kube, typed<DatabaseServer>(kinds.databaseServer), stripped(aServer()), aServer().status);
  const release = aRelease();
  const { digest } = release.spec.image;
  fakeReadyGolden(postgres, {
    database: goldenName(release.metadata.name, digest),
    release: release.metadata.name,
    template: "choir",
    digest,
    schemaVersion: 1,
    writableWhenReadOnly: [],
  });
  const servers = createFakeServers({ clock, postgresAt: () => postgres });
  await servers.connect("default", { url: "postgres://operator:x@db:5432/postgres", sslMode: "disable", capacity: 10 });
  const events: TenantEvent[] = [];
  const caches = createTenantCaches(kube, { selector: "" });
  for (const source of tenantSources(caches)) source.start();
  await Promise.all(tenantSources(caches).map((source) => source.whenSynced()));
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  const reconcile = reconcileTenant({
    kube,
    caches,
    servers,
    clock,
    secrets: createSecrets(Buffer.alloc(32, 7)),
    settings: aDesiredVault().settings,
    tell: (_, event) => void events.push(event),
    deletions: {
      book: createDeletionBook({ kube, clock, namespace: "default", name: "polyphony-deletions" }),
      breaker: { enabled: true, tenantsPerHour: 5, percentPerHour: 2 },
    },
    drift: createDriftLedger(clock, () => undefined),
    desired: createDesiredMemory(),
    backlog: () => 0,
  });
  const visit = async (failures = 0): Promise<{ outcome: Outcome; tenant: Tenant | undefined }> => {
    await settled();
    const outcome = await reconcile(slug, { ...context, failures });
    await settled();
    return { outcome, tenant: await kube.find(tenantKind, { name: slug }) };
  };
  /** What kubelet and controllers would do: the pod becomes available and reachable. */
  const podsComeUp = async (namespace: string): Promise<void> => {
    const ref = { name: "vault", namespace };
    const { metadata } = await kube.get(kinds.deployment, ref);
    const status = {
      observedGeneration: metadata?.generation ?? 1,
      replicas: 1,
      updatedReplicas: 1,
      availableReplicas: 1,
    };
    await kube.patchStatus(kinds.deployment, ref, { status });
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
  const apply = (changes: Parameters<typeof aTenant>[0] = {}) => kube.create(tenantKind, stripped(aTenant(changes)));
  return { kube, postgres, servers, events, visit, podsComeUp, apply };
};

const ready = (tenant: Tenant | undefined) => tenant?.status?.conditions?.find(({ type }) => type === "Ready");

const provisioned = async () => {
  const world = await scene();
  await world.apply();
  const first = await world.visit();
  const namespace = first.tenant?.status?.backend?.namespace ?? "";
  await world.podsComeUp(namespace);
  const second = await world.visit();
  return { ...world, namespace, tenant: second.tenant };
};

describe("reconciling a tenant (K1, K2)", () => {
  it("makes namespace, objects and database in one visit, and is Active when the pods are up", async () => {
    const world = await scene();
    await world.apply();
    const { outcome, tenant } = await world.visit();
    expect(outcome.kind).toBe("wait");
    expect(tenant?.status).toMatchObject({ phase: "Provisioning", progress: { current: "Workload" } });
    expect(world.postgres.vaults.size).toBe(1);
    await world.podsComeUp(tenant?.status?.backend?.namespace ?? "");
    const { tenant: active } = await world.visit();
    expect(active?.status).toMatchObject({ phase: "Active", release: { version: "1.0.0" } });
    expect(ready(active)?.status).toBe("True");
    expect(world.events.map(({ reason }) => reason)).toEqual(["PodsStarting", "Ready"]);
  });

  it("writes nothing and tells nothing while it is in sync (I6)", async () => {
    const { kube, visit, events } = await provisioned();
    await visit();
    const before = kube.writes().length;
    const told = events.length;
    await visit();
    expect(kube.writes().slice(before)).toEqual([]);
    expect(events.length).toBe(told);
  });

  it("gives the identity before anything is built, and keeps it when the Tenant comes back (GitOps)", async () => {
    const { tenant } = await provisioned();
    expect(tenant?.metadata.annotations).toMatchObject({ "polyphony.dev/vault-id": tenant?.metadata.uid });
    expect(tenant?.metadata.finalizers).toContain("polyphony.dev/vault");
  });

  it("makes again what was deleted by hand, with the same Secret (K3)", async () => {
    const { kube, namespace, visit } = await provisioned();
    const ref = { name: "vault", namespace };
    const secret = await kube.get(kinds.secret, ref);
    await kube.delete(kinds.secret, ref);
    await kube.delete(kinds.deployment, ref);
    await visit();
    expect((await kube.get(kinds.secret, ref)).data).toEqual(secret.data);
    expect(await kube.find(kinds.deployment, ref)).toBeDefined();
  });

  it("stalls with the way out when the template is not known, and goes on when it comes", async () => {
    const world = await scene();
    await world.apply({ spec: { template: "band" } });
    const { outcome, tenant } = await world.visit();
    expect(outcome.kind).toBe("stalled");
    expect(tenant?.status).toMatchObject({
      phase: "Failed",
      message: expect.stringMatching(/create it, or name another/),
    });
  });

  it("says that the server is away, keeps what runs Active, and heals by itself (fault 20)", async () => {
    const { postgres, visit } = await provisioned();
    const { DatabaseError } = await import("../database/errors.ts");
    postgres.trouble = new DatabaseError("DatabaseServerUnreachable", "It cannot be reached.");
    const { outcome, tenant } = await visit();
    // A stalled one would wait for a change that does not come.
    expect(outcome).toMatchObject({ kind: "failed", reason: "DatabaseServerUnreachable" });
    expect(tenant?.status?.phase).toBe("Active");
    expect(ready(tenant)).toMatchObject({ status: "False", reason: "DatabaseServerUnreachable" });
    postgres.trouble = null;
    expect(ready((await visit()).tenant)?.status).toBe("True");
  });

  it("names the refused verb and kind when the API server forbids a write (fault 17)", async () => {
    const world = await scene();
    const { ForbiddenError } = await import("../../kube/errors.ts");
    await world.apply();
    world.kube.intercept((call) => {
      if (call.verb === "apply" && call.kind === "NetworkPolicy") {
        throw new ForbiddenError({ verb: "patch", kind: "NetworkPolicy", name: "x" }, "not allowed");
      }
    });
    const { outcome, tenant } = await world.visit();
    expect(outcome).toMatchObject({ kind: "failed", reason: "KubernetesForbidden" });
    expect(ready(tenant)?.reason).toBe("KubernetesForbidden");
  });
});

describe("deleting a tenant", () => {
  const remove = async (retention: string) => {
    const world = await provisioned();
    await world.kube.patch(tenantKind, { name: slug }, { spec: { retention } });
    await world.kube.delete(tenantKind, { name: slug });
    await world.visit();
    return { ...world, last: await world.visit() };
  };

  it("with retention 0s leaves no namespace, no database and no Tenant (K4)", async () => {
    const { kube, postgres, namespace, last } = await remove("0s");
    expect(last.tenant).toBeUndefined();
    expect(await kube.find(kinds.namespace, { name: namespace })).toBeUndefined();
    expect([...postgres.vaults.values()].filter(({ database, roles }) => database ?? roles.a ?? roles.b)).toEqual([]);
  });

  it("with a retention keeps the database, closed, and a RetainedVault that names it (K4)", async () => {
    const { kube, postgres, last } = await remove("24h");
    expect(last.tenant).toBeUndefined();
    const [retained] = await kube.list(kinds.retainedVault);
    expect(retained?.spec).toMatchObject({ slug, databaseServer: "default" });
    expect([...postgres.vaults.values()].map(({ database }) => database?.allowConnections)).toEqual([false]);
  });
});

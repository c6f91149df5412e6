import { describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { kinds, type Job } from "../../kube/kinds.ts";
import { aRelease, aServer, aTemplate, aTenant } from "../../test/builders/a-world.ts";
import { createFakePostgres, fakeMigrateVault, fakeReadyGolden } from "../database/fake-postgres.ts";
import { createFakeServers } from "../database/fake-servers.ts";
import { goldenName, vaultDatabaseName } from "../database/names.ts";
import type { ReconcileContext } from "../engine/controller.ts";
import { createSecrets } from "../secrets.ts";
import { createFollowerBoard } from "./follower-board.ts";
import { fleetKey, reconcileMigration } from "./reconcile-migration.ts";

const namespace = "polyphony-migrations";
const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const databaseOf = (n: number): string => vaultDatabaseName(idOf(n));
const old = aRelease();
const digest = `sha256:${"c".repeat(64)}`;
const next = aRelease({
  metadata: { name: "choir-1.1.0" },
  spec: { version: "1.1.0", schemaVersion: 2, image: { digest } },
  status: { goldenTemplates: [{ server: "default", database: goldenName("choir-1.1.0", digest), state: "Ready" }] },
});
const template = aTemplate({ spec: { channels: { stable: "1.1.0" } } });
const running = { name: "choir-1.0.0", version: "1.0.0", digest: old.spec.image.digest, schemaVersion: 1 };
const cached = <T>(value: T) => ({ key: "", uid: "", resourceVersion: "", value });

/** Some vaults on release 1.0.0 whose channel has moved on, and a worker that a test lets work. */
const scene = async (count: number) => {
  const kube = createFakeKube();
  const postgres = createFakePostgres();
  const clock = { at: new Date("2026-03-01T08:00:00Z"), now: () => clock.at };
  const lookedInto: string[] = [];
  const onEffect = (effect: string, phase: string): void => {
    if (phase === "before" && effect === "FinishMigration") lookedInto.push(effect);
  };
  const servers = createFakeServers({ clock, postgresAt: () => postgres, onEffect });
  const connection = { url: "postgres://operator:x@db:5432/postgres", sslMode: "disable" as const, capacity: 100 };
  const server = await servers.connect("default", connection);
  const golden = { database: goldenName(old.metadata.name, old.spec.image.digest), release: "choir-1.0.0" };
  fakeReadyGolden(postgres, {
    ...golden,
    template: "choir",
    digest: running.digest,
    schemaVersion: 1,
    writableWhenReadOnly: template.spec.writableWhenReadOnly ?? [],
  });
  await kube.create(kinds.namespace, { metadata: { name: namespace } });
  const tenants: Tenant[] = [];
  for (let n = 0; n < count; n += 1) {
    await server.converge({
      vaultId: idOf(n),
      template: "choir",
      golden: golden.database,
      access: "ReadWrite",
      activeLogin: "a",
      passwordVersion: 1,
      verifier: "v",
    });
    const annotations = { "polyphony.dev/vault-id": idOf(n), "polyphony.dev/database-server": "default" };
    tenants.push(aTenant({ metadata: { name: `choir-${String(n)}`, annotations }, status: { release: running } }));
  }
  const logs = new Map<string, string>();
  const woken: string[] = [];
  const told: string[] = [];
  const board = createFollowerBoard(() => undefined);
  const reconcile = reconcileMigration({
    ...{ kube, clock, servers, namespace, board },
    secrets: createSecrets(Buffer.alloc(32, 1)),
    imagePullSecrets: [],
    logs: { podLog: ({ name }) => Promise.resolve(logs.get(name) ?? "") },
    wakeTenant: (slug) => woken.push(slug),
    tell: (_release, { type, reason }) => told.push(`${type} ${reason}`),
    caches: {
      tenants: { byIndex: () => tenants.map(cached) },
      releases: { get: (name) => (name === next.metadata.name ? cached(next) : undefined) },
      templates: { get: () => cached(template) },
      servers: { get: () => cached(aServer()) },
    },
  });
  const visit = () => reconcile(fleetKey("choir-1.1.0", "default"), {} as ReconcileContext);
  const jobs = () => kube.list(kinds.job, { namespace });
  const list = async (): Promise<string[]> => {
    const [job] = await jobs();
    const secret = await kube.find(kinds.secret, { namespace, name: job?.metadata?.name ?? "" });
    const text = Buffer.from(secret?.data?.["databases.ndjson"] ?? "", "base64").toString();
    return text
      .trim()
      .split("\n")
      .flatMap((line) => (line ? [(JSON.parse(line) as { id: string }).id] : []));
  };
  const say = async (lines: object[]): Promise<Job> => {
    const job = (await jobs())[0] as Job;
    const name = `${job.metadata?.name ?? ""}-pod`;
    if (!logs.has(name)) {
      const labels = { "batch.kubernetes.io/job-name": job.metadata?.name ?? "" };
      await kube.create(kinds.pod, { metadata: { namespace, name, labels } });
    }
    logs.set(name, (logs.get(name) ?? "") + lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    return job;
  };
  /** The worker does these databases; what is named in `failing` fails. */
  const work = async (databases: string[], failing: string[] = [], leavesReceipts = false): Promise<void> => {
    const run = leavesReceipts ? (await jobs())[0]?.metadata?.name : undefined;
    for (const database of databases) {
      const ok = !failing.includes(database);
      if (ok) fakeMigrateVault(postgres, database, { version: 2, oldestSupported: 1 }, run);
      await say([{ id: database, ok, ...(ok ? {} : { error: "lock timeout at postgres://u:hidden@db/x" }) }]);
    }
  };
  const end = async (type: "Complete" | "Failed"): Promise<void> => {
    const job = await say([]);
    const condition = { type, status: "True", lastTransitionTime: clock.now().toISOString(), message: "It ended." };
    await kube.patchStatus(
      kinds.job,
      { namespace, name: job.metadata?.name ?? "" },
      { status: { conditions: [condition] } },
    );
  };
  const schemas = () => [...postgres.vaults.values()].map(({ recordedSchema }) => recordedSchema?.version);
  const pass = (seconds: number) => (clock.at = new Date(clock.at.getTime() + seconds * 1000));
  const world = { kube, postgres, tenants, board, clock, servers, woken, told, lookedInto };
  return { ...world, visit, jobs, list, say, work, end, schemas, pass };
};

describe("R3: the migration of a fleet", () => {
  it("is one worker over all databases, with the release's image and the login open for its time only", async () => {
    const { visit, jobs, list, work, end, schemas, postgres, woken, board, told } = await scene(3);
    await visit();
    const [job, ...others] = await jobs();
    expect(others).toEqual([]);
    expect(job?.spec).toMatchObject({ backoffLimit: 0 });
    expect(job?.spec?.template.spec?.containers[0]?.image).toBe(`docker.io/local/polyphony-vault@${digest}`);
    expect(await list()).toEqual([0, 1, 2].map(databaseOf));
    expect(postgres.migrators.has("choir")).toBe(true);
    expect(board.of("choir-1.1.0")).toMatchObject({ migrated: 0, pending: 3 });
    await work([0, 1, 2].map(databaseOf));
    await end("Complete");
    await visit();
    expect(schemas()).toEqual([2, 2, 2]);
    expect(woken.sort()).toEqual(["choir-0", "choir-1", "choir-2"]);
    await visit();
    expect(postgres.migrators.has("choir")).toBe(false);
    expect(await jobs()).toEqual([]);
    expect(board.of("choir-1.1.0")).toMatchObject({ migrated: 3, pending: 0, failing: 0 });
    expect(told).toEqual(["Normal Migrating", "Normal Migrated"]);
  });

  it("waits for a server that is away or not reached yet, and begins as soon as it is there", async () => {
    const { servers, visit, jobs } = await scene(1);
    await servers.disconnect("default");
    expect(await visit()).toMatchObject({ kind: "wait", reason: "DatabaseServerConnecting" });
    await servers.connect("default", {
      url: "postgres://operator:x@db:5432/postgres",
      sslMode: "disable",
      capacity: 100,
    });
    await visit();
    expect(await jobs()).toHaveLength(1);
  });

  it("settles each database as it comes: one that is slow holds up no other", async () => {
    const { visit, work, schemas, woken } = await scene(3);
    await visit();
    await work([databaseOf(1)]);
    await visit();
    expect(schemas()).toEqual([1, 2, 1]);
    expect(woken).toEqual(["choir-1"]);
  });

  it("records a failure once, without secrets, and tries that one alone again when its time has come", async () => {
    const { visit, jobs, list, work, end, postgres, pass, board, woken, told } = await scene(3);
    await visit();
    await work([0, 1, 2].map(databaseOf), [databaseOf(1)]);
    await visit();
    await visit();
    await end("Failed");
    await visit();
    const failed = postgres.migrationRuns.filter(({ outcome }) => outcome === "failed");
    expect(failed).toMatchObject([{ database: databaseOf(1) }]);
    expect(failed[0]?.detail).toMatch(/^lock timeout at <a connection URL>/);
    expect(board.of("choir-1.1.0")).toMatchObject({ migrated: 2, failing: 1, failingSlugs: ["choir-1"] });
    expect(woken.sort()).toEqual(["choir-0", "choir-1", "choir-2"]);
    expect(told.at(-1)).toBe("Warning MigrationFailed");
    expect(await visit()).toMatchObject({ kind: "wait", afterMs: 30_000 });
    expect(await jobs()).toEqual([]);
    pass(30);
    await visit();
    expect(await list()).toEqual([databaseOf(1)]);
  });

  it("puts what a worker that was killed had not done into a new list, at once and without blame", async () => {
    const { visit, jobs, list, work, end, postgres, schemas, pass } = await scene(4);
    await visit();
    const killed = (await jobs())[0]?.metadata?.name;
    await work([databaseOf(0), databaseOf(2)]);
    await end("Failed");
    await visit();
    pass(0.01);
    await visit();
    // Within a second, and still a run of its own: what is on record of the one before is not taken for its.
    expect((await jobs())[0]?.metadata?.name).not.toBe(killed);
    expect(schemas()).toEqual([2, 1, 2, 1]);
    expect(await list()).toEqual([databaseOf(1), databaseOf(3)]);
    expect(postgres.migrationRuns.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  });

  it("takes a worker that came to nothing as a failure of each, and does not begin it again at once", async () => {
    const { visit, jobs, end, postgres } = await scene(2);
    await visit();
    await end("Failed");
    await visit();
    expect(postgres.migrationRuns).toMatchObject([{ outcome: "failed" }, { outcome: "failed", detail: "It ended." }]);
    await visit();
    expect(await jobs()).toEqual([]);
  });

  it("believes the database, not the worker", async () => {
    const { visit, end, postgres, schemas, kube } = await scene(1);
    await visit();
    const [job] = await kube.list(kinds.job, { namespace });
    await kube.create(kinds.pod, {
      metadata: { namespace, name: "p", labels: { "batch.kubernetes.io/job-name": job?.metadata?.name ?? "" } },
    });
    // Done, but nobody could read what it said.
    fakeMigrateVault(postgres, databaseOf(0), { version: 2, oldestSupported: 1 });
    await end("Complete");
    await visit();
    expect(schemas()).toEqual([2]);
  });

  it("looks into the first, and goes by the receipts of the others", async () => {
    const { visit, work, end, schemas, lookedInto, postgres, woken } = await scene(4);
    await visit();
    await work([0, 1, 2, 3].map(databaseOf), [], true);
    await end("Complete");
    await visit();
    expect(schemas()).toEqual([2, 2, 2, 2]);
    expect(lookedInto).toHaveLength(1);
    expect(woken).toHaveLength(4);
    expect(postgres.migrationRuns.map(({ outcome }) => outcome)).toEqual(Array(4).fill("succeeded"));
  });

  it("looks into each when rights were missing in the first", async () => {
    const { visit, work, end, schemas, lookedInto, postgres } = await scene(3);
    await visit();
    await work([0, 1, 2].map(databaseOf), [], true);
    const first = [...postgres.vaults.values()].find(({ database }) => database?.name === databaseOf(0));
    if (first) first.rightsMissing = true;
    await end("Complete");
    await visit();
    expect(schemas()).toEqual([2, 2, 2]);
    expect(lookedInto).toHaveLength(3);
  });

  it("believes no word without a receipt: that database is looked into", async () => {
    const { visit, work, say, end, schemas, lookedInto, postgres } = await scene(3);
    await visit();
    await work([0, 1].map(databaseOf), [], true);
    await say([{ id: databaseOf(2), ok: true, from: 1, to: 2, ms: 1 }]);
    await end("Complete");
    await visit();
    expect(schemas()).toEqual([2, 2, 1]);
    expect(lookedInto).toHaveLength(2);
    expect(postgres.migrationRuns.at(-1)).toMatchObject({ database: databaseOf(2), outcome: "failed" });
  });

  it("takes what a killed worker did from its receipts, and leaves the rest unopened for the next list", async () => {
    const { visit, work, say, end, schemas, lookedInto, list, postgres } = await scene(5);
    await visit();
    const run = (await list()).length === 5 ? await say([]) : undefined;
    await work([0, 1].map(databaseOf), [], true);
    // Done, and killed before it could say so.
    const schema = { version: 2, oldestSupported: 1 };
    fakeMigrateVault(postgres, databaseOf(2), schema, run?.metadata?.name);
    await end("Failed");
    await visit();
    expect(schemas()).toEqual([2, 2, 2, 1, 1]);
    expect(lookedInto).toHaveLength(1);
    await visit();
    expect((await list()).sort()).toEqual([3, 4].map(databaseOf));
  });

  it("leaves alone what is deleted meanwhile, and records what cannot be looked into", async () => {
    const { visit, jobs, work, end, postgres, schemas } = await scene(3);
    await visit();
    await work([0, 1, 2].map(databaseOf));
    postgres.vaults.delete(idOf(0));
    const { DatabaseError } = await import("../database/errors.ts");
    postgres.troubleIn.set(databaseOf(1), new DatabaseError("DatabaseQueryFailed", "It takes no connections."));
    await end("Complete");
    await visit();
    expect(schemas()).toEqual([1, 2]);
    expect(await jobs()).toEqual([]);
    const failed = postgres.migrationRuns.filter(({ outcome }) => outcome === "failed");
    expect(failed).toMatchObject([{ database: databaseOf(1), detail: "It takes no connections." }]);
  });

  it("goes on where an operator that was killed left off: one Job, and its list where that was missing", async () => {
    const { visit, jobs, kube, list } = await scene(2);
    await visit();
    const [secret] = await kube.list(kinds.secret, { namespace });
    await kube.delete(kinds.secret, { namespace, name: secret?.metadata?.name ?? "" });
    await visit();
    expect(await jobs()).toHaveLength(1);
    expect(await list()).toHaveLength(2);
  });
});

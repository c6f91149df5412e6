import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import pg from "pg";
import type { Tenant } from "../../crds/index.ts";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { kinds } from "../../kube/kinds.ts";
import { createLiveKube, type LiveKube } from "../../kube/live-kube.ts";
import { goldenName, vaultDatabaseName } from "../../operator/database/names.ts";
import type { DatabaseServer, GoldenSpec } from "../../operator/database/tenant-database.ts";
import type { ReconcileContext } from "../../operator/engine/controller.ts";
import { createFollowerBoard } from "../../operator/migration/follower-board.ts";
import { fleetKey, reconcileMigration } from "../../operator/migration/reconcile-migration.ts";
import type { Outcome } from "../../operator/outcome.ts";
import { createSecrets } from "../../operator/secrets.ts";
import { annotations } from "../../operator/tenant/names.ts";
import { buildVault } from "../../vault-template/build.ts";
import { aRelease, aServer, aTemplate, aTenant } from "../builders/a-world.ts";
import { run, urlAt } from "../contract/real-postgres.ts";
import { eventually } from "../harness/eventually.ts";
import { addVaults, createFleet, type Fleet } from "../harness/fleet.ts";
import { type JobRunner, startJobRunner } from "../harness/job-runner.ts";
import { type PostgresServer, startPostgres } from "../harness/postgres.ts";
import { started } from "../harness/started.ts";

const namespace = `fleet-${randomBytes(3).toString("hex")}`;
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const nextRelease = aRelease({
  metadata: { name: "choir-1.1.0" },
  spec: { version: "1.1.0", schemaVersion: 2, image: { digest: digest("b") } },
  status: { goldenTemplates: [{ server: "main", database: goldenName("choir-1.1.0", digest("b")), state: "Ready" }] },
});
const cached = <T>(value: T) => ({ key: "", uid: "", resourceVersion: "", value });
const template = aTemplate({ spec: { channels: { stable: "1.1.0" } } });
const resource = aServer({ metadata: { name: "main" } });

let postgres: PostgresServer;
let fleet: Fleet;
let first: DatabaseServer;
let golden: GoldenSpec;
let kube: LiveKube;
let folder: string;
let jobs: JobRunner;
let tenants: Tenant[] = [];

const tenantOf = (vaultId: string): Tenant =>
  aTenant({
    metadata: { name: `t-${vaultId.slice(0, 8)}`, annotations: { [annotations.vaultId]: vaultId } },
    status: { release: { name: "choir-1.0.0", version: "1.0.0", digest: digest("a"), schemaVersion: 1 } },
  });

/** Vaults of a test's own, on schema 1; those of other tests are no followers then. */
const vaults = async (count: number): Promise<string[]> => {
  const before = fleet.vaultIds.length;
  await addVaults(fleet, first, golden, count);
  const ids = fleet.vaultIds.slice(before);
  tenants = ids.map(tenantOf);
  return ids.map(vaultDatabaseName);
};

type Operator = { visit: () => Promise<Outcome>; woken: Set<string> };

/** A new process that leads: everything it knew before is gone. */
const takeOver = async (later = 0): Promise<Operator> => {
  const { servers } = await fleet.operator();
  const woken = new Set<string>();
  const reconcile = reconcileMigration({
    ...{ kube, servers, namespace, logs: jobs },
    board: createFollowerBoard(() => undefined),
    clock: { now: () => new Date(Date.now() + later) },
    secrets: createSecrets(Buffer.alloc(32, 9)),
    imagePullSecrets: [],
    wakeTenant: (slug) => woken.add(slug),
    caches: {
      tenants: { byIndex: () => tenants.map(cached) },
      releases: { get: (name) => (name === nextRelease.metadata.name ? cached(nextRelease) : undefined) },
      templates: { get: () => cached(template) },
      servers: { get: () => cached(resource) },
    },
  });
  return { woken, visit: () => reconcile(fleetKey("choir-1.1.0", "main"), {} as ReconcileContext) };
};

const schemaOf = async (database: string): Promise<number> => {
  const [row] = await run<{ version: number }>(
    urlAt(postgres.adminUrl, database),
    "SELECT version FROM schema_version",
  );
  return row?.version ?? 0;
};
const control = <Row extends object>(sql: string, values: unknown[] = []) =>
  run<Row>(urlAt(postgres.adminUrl, "polyphony_control"), sql, values);
const recorded = async (databases: string[]): Promise<{ outcome: string; runs: number; databases: number }[]> =>
  control(
    `SELECT outcome, count(*)::int AS runs, count(DISTINCT database)::int AS databases FROM polyphony.migration_run
      WHERE database = ANY ($1) GROUP BY 1 ORDER BY 1`,
    [databases],
  );

/** Visits as the controller would, until it is so. */
const visitUntil = async (operator: Operator, is: () => Promise<boolean> | boolean): Promise<void> => {
  const end = Date.now() + 60_000;
  while (!(await is())) {
    const outcome = await operator.visit();
    if (Date.now() > end) throw new Error(`not within a minute: ${JSON.stringify(outcome)}`);
    await sleep(100);
  }
};
const areDone = (databases: string[]) => async (): Promise<boolean> => {
  const [row] = await control<{ behind: number }>(
    "SELECT count(*)::int AS behind FROM polyphony.schema_version WHERE database = ANY ($1) AND schema_version < 2",
    [databases],
  );
  return row?.behind === 0;
};
const isQuiet = async (): Promise<boolean> => (await kube.list(kinds.job, { namespace })).length === 0;

/** Somebody reads in a table for long: nothing that is migrated may change it meanwhile. */
const lock = async (database: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: urlAt(postgres.adminUrl, database) });
  client.on("error", () => undefined);
  await client.connect();
  await client.query("BEGIN; LOCK TABLE members IN ACCESS SHARE MODE");
  return client;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "polyphony-fleet-"));
  postgres = await startPostgres();
  await Promise.all([buildVault(join(folder, "1"), { schemaVersion: 1 }), buildVault(join(folder, "2"))]);
  const command = (schema: string) => [process.execPath, join(folder, schema, "vault.cjs")];
  fleet = createFleet(postgres);
  first = (await fleet.operator()).server;
  golden = await fleet.makeGolden(first, "choir-1.0.0", digest("a"), command("1"), 1);
  kube = createLiveKube({
    access: clusterAccess(started.kubeconfig()),
    fieldManager: "polyphony-operator",
  });
  await kube.create(kinds.namespace, { metadata: { name: namespace } });
  jobs = await startJobRunner({ kube, namespace, command: command("2"), hasController: true });
});

afterEach(async () => {
  tenants = [];
  const operator = await takeOver();
  await visitUntil(operator, isQuiet);
  first = (await fleet.operator()).server;
});

afterAll(async () => {
  await jobs.stop();
  await kube.delete(kinds.namespace, { name: namespace });
  kube.close();
  await fleet.close();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

describe("R3: a fleet's migration on a real PostgreSQL and API server", () => {
  it("brings every database to the schema, each once, and lets the migrator in for its time only", async () => {
    const databases = await vaults(30);
    const operator = await takeOver();
    await visitUntil(operator, areDone(databases));
    await visitUntil(operator, isQuiet);
    await operator.visit();
    expect(new Set(await Promise.all(databases.map(schemaOf)))).toEqual(new Set([2]));
    expect(await recorded(databases)).toEqual([{ outcome: "succeeded", runs: 30, databases: 30 }]);
    expect(operator.woken.size).toBe(30);
    expect(jobs.lists.at(-1)?.sort()).toEqual([...databases].sort());
    expect(await control("SELECT FROM polyphony.migrating")).toEqual([]);
    expect(await control("SELECT rolcanlogin AS may FROM pg_roles WHERE rolname = 'choir_migrator'")).toEqual([
      { may: false },
    ]);
  });

  it("gives the readers and writers their rights on what the steps made", async () => {
    const [database = ""] = await vaults(1);
    await visitUntil(await takeOver(), areDone([database]));
    const rights = await run<{ rw: boolean; ro: boolean }>(
      urlAt(postgres.adminUrl, database),
      `SELECT has_column_privilege('choir_rw', 'members', 'voice_part', 'UPDATE') AS rw,
              has_column_privilege('choir_ro', 'members', 'voice_part', 'UPDATE') AS ro`,
    );
    expect(rights).toEqual([{ rw: true, ro: false }]);
  });

  it("fault 23: a lock held by a tenant fails that one with its reason, holds up no other, and it is tried again", async () => {
    const databases = await vaults(12);
    const [held = "", ...others] = databases;
    const holder = await lock(held);
    const operator = await takeOver();
    await visitUntil(operator, areDone(others));
    expect(operator.woken.size).toBeGreaterThanOrEqual(others.length);
    const failure = () =>
      control<{ detail: string }>("SELECT detail FROM polyphony.migration_run WHERE database = $1", [held]);
    await visitUntil(operator, async () => (await failure()).length > 0);
    expect((await failure())[0]?.detail).toMatch(/lock timeout \(55P03\)/);
    expect(await schemaOf(held)).toBe(1);
    await holder.query("ROLLBACK");
    await holder.end();
    await visitUntil(operator, isQuiet);
    await operator.visit();
    expect(await isQuiet()).toBe(true);
    await sleep(1_100);
    const asked = tenants[0];
    if (asked?.metadata.annotations)
      asked.metadata.annotations[annotations.retryRequestedAt] = new Date().toISOString();
    await visitUntil(operator, areDone([held]));
    expect(jobs.lists.at(-1)).toEqual([held]);
  });

  it("a worker that is killed in the middle: what it had done is not done again, the rest comes in a new list", async () => {
    const databases = await vaults(30);
    // More than the worker has hands: it stands still in the middle.
    const stuck = [...databases].sort().slice(10, 20);
    const holders = await Promise.all(stuck.map(lock));
    const operator = await takeOver();
    const said = () => jobs.output().split('"ok":true').length;
    const [began, lists] = [said(), jobs.lists.length];
    await visitUntil(operator, () => jobs.lists.length > lists);
    // No visits: a slow one would outlast the time that the worker waits for a lock.
    await eventually("five are told of", () => Promise.resolve(said() - began >= 5), { everyMs: 20 });
    expect(jobs.kill()).toBe(true);
    const before = said() - began;
    for (const holder of holders) await holder.end();
    await visitUntil(operator, areDone(databases));
    expect(before).toBeLessThan(30);
    expect(await recorded(databases)).toEqual([{ outcome: "succeeded", runs: 30, databases: 30 }]);
    expect(jobs.lists.at(-1)?.length).toBeLessThanOrEqual(30 - before);
  });

  it("an operator that is killed in the middle: the next one goes on with the same worker", async () => {
    const databases = await vaults(30);
    const lists = jobs.lists.length;
    const killed = await takeOver();
    await killed.visit();
    await sleep(300);
    const next = await takeOver();
    expect(await killed.visit()).toMatchObject({ kind: "failed", reason: "Fenced" });
    await visitUntil(next, areDone(databases));
    expect(await recorded(databases)).toEqual([{ outcome: "succeeded", runs: 30, databases: 30 }]);
    expect(jobs.lists.length).toBe(lists + 1);
  });

  it("PostgreSQL is killed in the middle: every database comes to its schema, none is left half way", async () => {
    const databases = await vaults(40);
    const operator = await takeOver();
    await operator.visit();
    await visitUntil(operator, () => jobs.lists.at(-1)?.length === 40);
    await sleep(150);
    await postgres.crash();
    // What failed for it is tried again half a minute later; here the clock goes before.
    const later = await takeOver(3_600_000);
    await visitUntil(later, areDone(databases));
    expect(new Set(await Promise.all(databases.map(schemaOf)))).toEqual(new Set([2]));
    const [succeeded] = (await recorded(databases)).filter(({ outcome }) => outcome === "succeeded");
    expect(succeeded).toEqual({ outcome: "succeeded", runs: 40, databases: 40 });
  });
});

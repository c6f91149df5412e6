import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { kinds } from "../../kube/kinds.ts";
import { goldenName } from "../../operator/database/names.ts";
import type { ReconcileContext } from "../../operator/engine/controller.ts";
import { createFollowerBoard } from "../../operator/migration/follower-board.ts";
import { fleetKey, reconcileMigration } from "../../operator/migration/reconcile-migration.ts";
import { createSecrets } from "../../operator/secrets.ts";
import { annotations } from "../../operator/tenant/names.ts";
import { buildVault } from "../../vault-template/build.ts";
import { aRelease, aServer, aTemplate, aTenant } from "../builders/a-world.ts";
import { addVaults, createFleet } from "../harness/fleet.ts";
import { startJobRunner } from "../harness/job-runner.ts";
import { startPostgres } from "../harness/postgres.ts";
import { percentile, publish, sized } from "./findings.ts";
import { inParallel } from "./in-parallel.ts";
import type { Round } from "./rounds.ts";
import { chartSettings } from "./world/open-world.ts";

// fleet-migrate: one step of the choir's vault over a fleet, by the operator and one worker as in the cluster, until every
// verdict is on record. Floor: a bare loop over the same databases, eight connections, the same statements. Peer: the
// vault's own program once for each database, eight at a time. Cold: the server was just started. One in a hundred fails.

const size = sized("DATABASES", { whole: 500, short: 40 });
const rounds = sized("ROUNDS", { whole: 5, short: 1 });
const peers = sized("PEERS", { whole: 40, short: 8 });
const failingShare = 0.01;
const hands = 8;

const folder = await mkdtemp(join(tmpdir(), "polyphony-bench-fleet-"));
const postgres = await startPostgres({ ...(await chartSettings()), autovacuum: "off" });
const command = (schema: number): string[] => [process.execPath, join(folder, String(schema), "vault.cjs")];
await Promise.all([1, 2].map((schemaVersion) => buildVault(join(folder, String(schemaVersion)), { schemaVersion })));

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;
const fleet = createFleet(postgres);
const operator = await fleet.operator();
const golden = await fleet.makeGolden(operator.server, "choir-1.0.0", digestOf("a"), command(1), 1);
process.stdout.write(`making ${String(size)} databases\n`);
await addVaults(fleet, operator.server, golden, size);
const databases = [...fleet.databases].sort();
const failing = new Set(databases.filter((_, index) => index % (1 / failingShare) === 50 % size));

const urlOf = (database: string): string => {
  const url = new URL(postgres.adminUrl);
  url.pathname = `/${database}`;
  return url.href;
};
const inDatabase = async (database: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: urlOf(database) });
  client.on("error", () => undefined);
  await client.connect();
  await client.query(sql);
  await client.end();
};

/** Every database at schema 1 again; in those that are to fail, the step's column is there already. */
const rewind = async (): Promise<void> => {
  const back = "ALTER TABLE members DROP COLUMN IF EXISTS voice_part; UPDATE schema_version SET version = 1";
  const trap = "; ALTER TABLE members ADD COLUMN voice_part integer";
  await inParallel(databases, hands, (database) => inDatabase(database, back + (failing.has(database) ? trap : "")));
  await inDatabase(
    "polyphony_control",
    "UPDATE polyphony.schema_version SET schema_version = 1; DELETE FROM polyphony.migration_run",
  );
  await inDatabase("postgres", "CHECKPOINT");
};

const restart = async (): Promise<void> => {
  await postgres.crash();
  // Read once, so that what is cold is the server, not the disk.
  await inDatabase("polyphony_control", "SELECT count(*) FROM polyphony.schema_version");
};

const release = aRelease({
  metadata: { name: "choir-1.1.0" },
  spec: { version: "1.1.0", schemaVersion: 2, image: { digest: digestOf("b") } },
  status: { goldenTemplates: [{ server: "main", database: goldenName("choir-1.1.0", digestOf("b")), state: "Ready" }] },
});
const cached = <T>(value: T) => ({ key: "", uid: "", resourceVersion: "", value });
const tenants = fleet.vaultIds.map((vaultId) =>
  aTenant({
    metadata: { name: `t-${vaultId.slice(0, 13)}`, annotations: { [annotations.vaultId]: vaultId } },
    status: { release: { name: "choir-1.0.0", version: "1.0.0", digest: digestOf("a"), schemaVersion: 1 } },
  }),
);

type Fleet = {
  perSecond: number;
  succeeded: number;
  failed: number;
  /** Verdicts beyond the first of a database, and databases that a worker opened though they were done. */
  repeats: number;
  reopened: number;
};

const recorded = async (): Promise<{ succeeded: number; failed: number; repeats: number }> => {
  const client = new pg.Client({ connectionString: urlOf("polyphony_control") });
  await client.connect();
  const { rows } = await client.query<{ succeeded: number; failed: number; repeats: number }>(
    `SELECT count(*) FILTER (WHERE outcome = 'succeeded')::int AS succeeded, count(*) FILTER (WHERE outcome = 'failed')::int AS failed,
            (count(*) - count(DISTINCT database))::int AS repeats FROM polyphony.migration_run`,
  );
  await client.end();
  return rows[0] ?? { succeeded: 0, failed: 0, repeats: 0 };
};

/** The whole way as in the cluster; `killAt` is the share of verdicts after which the worker is killed. */
const migrateFleet = async (killAt?: number): Promise<Fleet> => {
  const kube = createFakeKube();
  const namespace = "polyphony-migrations";
  await kube.create(kinds.namespace, { metadata: { name: namespace } });
  const jobs = await startJobRunner({ kube, namespace, command: command(2), hasController: false, everyMs: 5 });
  const { servers } = await fleet.operator();
  let verdicts = 0;
  const reconcile = reconcileMigration({
    ...{ kube, servers, namespace, logs: jobs, imagePullSecrets: [], clock: { now: () => new Date() } },
    board: createFollowerBoard(() => undefined),
    secrets: createSecrets(Buffer.alloc(32, 3)),
    wakeTenant: () => (verdicts += 1),
    caches: {
      tenants: { byIndex: () => tenants.map(cached) },
      releases: { get: () => cached(release) },
      templates: { get: () => cached(aTemplate({ spec: { channels: { stable: "1.1.0" } } })) },
      servers: { get: () => cached(aServer({ metadata: { name: "main" } })) },
    },
  });
  const began = performance.now();
  let killed = killAt === undefined;
  while (verdicts < size) {
    await reconcile(fleetKey("choir-1.1.0", "main"), {} as ReconcileContext);
    if (!killed && verdicts >= size * (killAt ?? 0)) killed = jobs.kill();
    // A fourth of the controller's own pause, so that the last look does not decide a short run.
    await sleep(250);
  }
  const took = performance.now() - began;
  await jobs.stop();
  const reopened = jobs
    .output()
    .split("\n")
    .filter((line) => line.includes('"from":2')).length;
  return { perSecond: (size / took) * 1000, reopened, ...(await recorded()) };
};

const step = `BEGIN; SET LOCAL lock_timeout = 3000;
  ALTER TABLE members ADD COLUMN voice_part text CHECK (voice_part IN ('soprano', 'alto', 'tenor', 'bass'));
  UPDATE schema_version SET version = 2; COMMIT`;

const bareLoop = async (): Promise<number> => {
  const began = performance.now();
  await inParallel(databases, hands, (database) => inDatabase(database, step));
  return (size / (performance.now() - began)) * 1000;
};

/** The worker's own part, without the operator before and after it. */
const workerAlone = async (): Promise<number> => {
  const list = databases.map((database) => `${JSON.stringify({ id: database, url: urlOf(database) })}\n`).join("");
  const began = performance.now();
  await runVault(list, [0, 1]);
  return (size / (performance.now() - began)) * 1000;
};

const runVault = (list: string, goodCodes: readonly number[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const [program = "", ...args] = command(2);
    const child = spawn(program, [...args, "migrate"], { stdio: ["pipe", "ignore", "inherit"] });
    const end = (code: number | null) => (goodCodes.includes(code ?? -1) ? resolve() : reject(new Error("it failed")));
    child.on("error", reject).on("close", end);
    child.stdin.end(list);
  });

/** One process for each of a few databases, as a Job for each tenant would have it at the very least. */
const oneProcessEach = async (): Promise<number> => {
  const some = databases.filter((database) => !failing.has(database)).slice(0, peers);
  const began = performance.now();
  await inParallel(some, hands, (database) =>
    runVault(`${JSON.stringify({ id: database, url: urlOf(database) })}\n`, [0]),
  );
  return (some.length / (performance.now() - began)) * 1000;
};

const found = { cold: [] as Round[], warm: [] as Round[], worker: [] as Round[], peer: [] as Round[] };
let wrong = 0;
const check = (one: Fleet): number => {
  if (one.succeeded !== size - failing.size || one.failed < failing.size || one.repeats > 0) wrong += 1;
  return one.perSecond;
};
const tell = (what: string, { subject, floor }: Round): void =>
  void process.stdout.write(`${what}: ${subject.toFixed(0)} against ${floor.toFixed(0)} databases/s\n`);

const measure = async (): Promise<void> => {
  for (let index = 0; index < rounds; index += 1) {
    for (const warmth of ["cold", "warm"] as const) {
      const prepare = async (): Promise<void> => {
        await rewind();
        if (warmth === "cold") await restart();
      };
      const subject = async (): Promise<number> => prepare().then(async () => check(await migrateFleet()));
      const floor = async (): Promise<number> => prepare().then(bareLoop);
      const early = await (index % 2 === 0 ? subject() : floor());
      const late = await (index % 2 === 0 ? floor() : subject());
      const round = index % 2 === 0 ? { subject: early, floor: late } : { subject: late, floor: early };
      found[warmth].push(round);
      tell(`round ${String(index + 1)} of ${String(rounds)}, ${warmth}`, round);
    }
    await rewind();
    const worker = { subject: await workerAlone(), floor: found.warm.at(-1)?.floor ?? 0 };
    found.worker.push(worker);
    tell("the worker alone", worker);
    await rewind();
    const round = { subject: found.warm.at(-1)?.subject ?? 0, floor: await oneProcessEach() };
    found.peer.push(round);
    tell("a process each", round);
  }
};

try {
  await measure();
  await rewind();
  const killed = await migrateFleet(0.5);
  const runs = found.warm.length + found.cold.length + 1;
  publish({
    name: "fleet-migrate",
    about: `One step (a column with a check) over ${String(size)} databases, ${String(failing.size)} of which refuse it: the operator's reconcile and one worker with the vault's own
\`migrate\`, from the first look until every verdict is on record, the Kubernetes API in memory. The operator goes by the receipts that the
steps left on the server, and opens a second connection to one database for each look. Floor: a bare loop, ${String(hands)} connections, the same statements. Peer: the vault's program once for each database, ${String(hands)} at a time, on ${String(peers)} of them.
Cold: the server was killed and started just before.`,
    comparisons: [
      { what: "cold", unit: "databases/s", against: "floor", rounds: found.cold, goal: { atLeast: 0.85 } },
      { what: "warm", unit: "databases/s", against: "floor", rounds: found.warm, goal: { atLeast: 0.85 } },
      {
        what: "warm, the worker alone",
        unit: "databases/s",
        against: "floor",
        rounds: found.worker,
        goal: { atLeast: 0.85 },
      },
      { what: "warm", unit: "databases/s", against: "a process each", rounds: found.peer, goal: { atLeast: 10 } },
    ],
    figures: [
      {
        what: "worker killed at half: databases opened in all, for each",
        value: (size + killed.reopened) / size,
        unit: "",
        goal: { atMost: 1.02 },
      },
      { what: "worker killed at half: migrations done twice", value: killed.repeats, unit: "", goal: { atMost: 0 } },
      {
        what: "median rate over all warm rounds",
        value: percentile(
          found.warm.map(({ subject }) => subject),
          0.5,
        ),
        unit: "databases/s",
      },
    ],
    errors: { failed: wrong + (killed.succeeded === size - failing.size ? 0 : 1), of: runs },
    facts: ["PostgreSQL 15, fsync on, the chart's settings, autovacuum off", "ext4"],
  });
} finally {
  await fleet.close();
  await postgres.stop();
  await rm(folder, { recursive: true });
}

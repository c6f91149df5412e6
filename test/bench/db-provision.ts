import { randomUUID } from "node:crypto";
import pg from "pg";
import { scramVerifier } from "../../operator/database/scram.ts";
import type { CopyStrategy, VaultDatabaseSpec } from "../../operator/database/tenant-database.ts";
import { startPostgres } from "../harness/postgres.ts";
import { percentile, publish, sized } from "./findings.ts";
import { inParallel } from "./in-parallel.ts";
import type { Round } from "./rounds.ts";
import { connectServer, goldenSpec, makeGolden } from "./world/catalogue.ts";
import { chartSettings } from "./world/open-world.ts";
import { schema, tableCount } from "./world/schema.ts";

// db-provision: a vault's database from nothing to open, roles and rights included, against a bare copy and against
// migrations. One client: what a customer waits for. Several: the rate, with the checkpoint that they leave behind inside
// the clock. Nothing is dropped: the folder is thrown away.

const rounds = sized("ROUNDS", { whole: 7, short: 2 });
const alone = sized("ALONE", { whole: 10, short: 3 });
const together = sized("TOGETHER", { whole: 40, short: 8 });
const byMigration = sized("MIGRATED", { whole: 5, short: 2 });
const clients = 8;

const postgres = await startPostgres(await chartSettings());
await makeGolden(postgres.operatorUrl);
const { server, close } = await connectServer(postgres.operatorUrl, clients);
const admin = new pg.Client({ connectionString: postgres.adminUrl });
await admin.connect();
const bare = new pg.Pool({ connectionString: postgres.operatorUrl, max: clients });
// Both may still be open when the server stops.
admin.on("error", () => undefined);
bare.on("error", () => undefined);
let failed = 0;
let asked = 0;

const verifier = scramVerifier("a-password");

const specOf = (strategy: CopyStrategy): VaultDatabaseSpec => ({
  vaultId: randomUUID(),
  template: goldenSpec.template,
  golden: goldenSpec.database,
  access: "ReadWrite",
  activeLogin: "a",
  passwordVersion: 1,
  verifier,
  strategy,
});

const provision = (strategy: CopyStrategy): Promise<unknown> => server.converge(specOf(strategy));

const copy = (strategy: CopyStrategy): Promise<unknown> =>
  bare.query(`CREATE DATABASE "bare_${randomUUID()}" TEMPLATE "${goldenSpec.database}" STRATEGY ${strategy}`);

const migrate = async (): Promise<void> => {
  const database = `migrated_${randomUUID()}`;
  await bare.query(`CREATE DATABASE "${database}" TEMPLATE template0`);
  const url = new URL(postgres.operatorUrl);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(schema);
  await client.end();
};

const work = async (count: number, atATime: number, one: () => Promise<unknown>): Promise<void> => {
  const result = await inParallel(Array.from({ length: count }), atATime, one);
  asked += count;
  failed += result.failed;
  if (result.failed > 0)
    process.stderr.write(`the first of ${String(result.failed)} errors: ${String(result.first)}\n`);
};

/** Milliseconds that one caller waits, in the median. */
const waited = async (count: number, one: () => Promise<unknown>): Promise<number> => {
  const took: number[] = [];
  await work(count, 1, async () => {
    const began = performance.now();
    await one();
    took.push(performance.now() - began);
  });
  return percentile(took, 0.5);
};

/** Milliseconds for each, with the checkpoint that they leave behind. */
const sustained = async (count: number, one: () => Promise<unknown>): Promise<number> => {
  await admin.query("CHECKPOINT");
  const began = performance.now();
  await work(count, clients, one);
  await admin.query("CHECKPOINT");
  return (performance.now() - began) / count;
};

const perMinute = (ms: number): number => 60_000 / ms;

const measure = async () => {
  const found = { alone: [] as Round[], together: [] as Round[], migrated: [] as Round[] };
  for (let index = 0; index < rounds; index += 1) {
    const oneEach = {
      subject: await waited(alone, () => provision("WAL_LOG")),
      floor: await waited(alone, () => copy("WAL_LOG")),
    };
    const migrated = await waited(byMigration, migrate);
    const floor = await sustained(together, () => copy("FILE_COPY"));
    const subject = await sustained(together, () => provision("FILE_COPY"));
    found.alone.push(oneEach);
    found.migrated.push({ subject: oneEach.subject, floor: migrated });
    found.together.push({ subject: perMinute(subject), floor: perMinute(floor) });
    const told = [oneEach.subject, oneEach.floor, migrated, subject, floor].map((ms) => ms.toFixed(1)).join(" · ");
    process.stdout.write(
      `round ${String(index + 1)} of ${String(rounds)}: ${told} ms (alone: ours, bare, migrated; together: ours, bare)\n`,
    );
  }
  return found;
};

try {
  await waited(2, () => provision("WAL_LOG"));
  await waited(2, () => copy("WAL_LOG"));
  const found = await measure();
  const { rows } = await admin.query<{ version: string; fsync: string }>(
    "SELECT split_part(current_setting('server_version'), ' ', 1) AS version, current_setting('fsync') AS fsync",
  );
  publish({
    name: "db-provision",
    about: `A vault's database of ${String(tableCount)} tables from nothing to open: two roles, a durable copy of the template, rights, records; ${String(alone)} in
turn (WAL_LOG; the median wait) and ${String(together)} by ${String(clients)} clients (FILE_COPY; the rate, with the checkpoint they leave behind) a round. Floor: bare CREATE DATABASE with the
same strategy. Peer: an empty database and the same tables by migrations, in one statement.`,
    comparisons: [
      { what: "one client waits", unit: "ms", against: "floor", rounds: found.alone, goal: { atMost: 1.1 } },
      {
        what: `${String(clients)} clients`,
        unit: "/min",
        against: "floor",
        rounds: found.together,
        goal: { atLeast: 0.9 },
      },
      { what: "one client waits", unit: "ms", against: "migrations", rounds: found.migrated, goal: { atMost: 0.25 } },
    ],
    errors: { failed, of: asked },
    facts: [`PostgreSQL ${rows[0]?.version ?? "?"}, fsync ${rows[0]?.fsync ?? "?"}, the chart's settings`, "ext4"],
  });
} finally {
  await close();
  await bare.end();
  await admin.end();
  await postgres.stop();
}

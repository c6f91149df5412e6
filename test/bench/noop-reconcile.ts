import { kinds } from "../../kube/kinds.ts";
import { createBareVaults } from "./floor/bare-vault.ts";
import { hashAndCompare, hashedVault } from "./floor/hash-and-compare.ts";
import { interleave, publish, sized } from "./findings.ts";
import { median } from "./report.ts";
import { templateName } from "./world/catalogue.ts";
import { callsIn, cpuMicros, startOperator, tenantRuns } from "./world/operator-process.ts";
import { openWorld } from "./world/open-world.ts";
import { watchPopulation } from "./world/population.ts";

// noop-reconcile: everything is in sync and every tenant is looked at again, because the template they are made from
// has changed in a word that no vault shows.

const tenants = sized("TENANTS", { whole: 1000, short: 40 });
const rounds = sized("ROUNDS", { whole: 9, short: 2 });

const world = await openWorld();
const operator = await startOperator(world);
const population = await watchPopulation(world.kube);
const calls = { reads: 0, writes: 0 };
let wordings = 0;

/** CPU-µs of the whole process for each tenant. */
const lookAtAll = async (): Promise<number> => {
  const before = await operator.samples();
  wordings += 1;
  await world.kube.patch(
    kinds.vaultTemplate,
    { name: templateName },
    { spec: { displayName: `Choir ${String(wordings)}` } },
  );
  await operator.idle(tenantRuns(before) + population.size, { everyMs: 250 });
  const after = await operator.samples();
  const [was, is] = [callsIn(before, "tenants"), callsIn(after, "tenants")];
  calls.reads += is.reads - was.reads;
  calls.writes += is.writes - was.writes;
  return (cpuMicros(after) - cpuMicros(before)) / population.size;
};

try {
  await population.atLeast(tenants);
  const makeVault = await createBareVaults(world);
  const vaults = Array.from({ length: population.size }, () => hashedVault(makeVault("WAL_LOG").stages));
  await operator.idle(0);
  // Unmeasured: compiled code is warm on both sides.
  for (let index = 0; index < 3; index += 1) {
    await lookAtAll();
    hashAndCompare(vaults);
  }
  Object.assign(calls, { reads: 0, writes: 0 });
  const found = await interleave(rounds, lookAtAll, () => Promise.resolve(hashAndCompare(vaults)));
  publish({
    name: "noop-reconcile",
    about: `${String(population.size)} tenants in sync, all looked at again ${String(rounds)} times because their template's display name changed; CPU time of the whole
operator process, its measuring included. Floor: the desired objects in a list, each made JSON, hashed (SHA-256) and compared.`,
    comparisons: [{ what: "CPU for each tenant", unit: "µs", against: "floor", rounds: found, goal: { atMost: 3 } }],
    figures: [
      { what: "reads of tenants and their objects", value: calls.reads, unit: "", goal: { atMost: 0 } },
      { what: "writes of tenants and their objects", value: calls.writes, unit: "", goal: { atMost: 0 } },
      {
        what: "tenants for each second of a core",
        value: 1e6 / median(found.map(({ subject }) => subject)),
        unit: "",
        goal: { atLeast: 5000 },
      },
    ],
    errors: { failed: 0, of: population.size * rounds },
    facts: world.facts,
  });
} finally {
  await population.stop();
  await operator.stop();
  await world.close();
}

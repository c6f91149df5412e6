import { join } from "node:path";
import { runCommand } from "../../cluster/machine/run-command.ts";
import { ignoreNotFound } from "../../kube/errors.ts";
import { kinds } from "../../kube/kinds.ts";
import { interleave, publish, sized } from "./findings.ts";
import { systemNamespace } from "./world/catalogue.ts";
import { callsIn, spawnOperator, startOperator } from "./world/operator-process.ts";
import { openWorld } from "./world/open-world.ts";
import { watchPopulation } from "./world/population.ts";

// restart-catch-up: the operator is killed; the next one starts, reads everything, looks at every tenant once, and has
// nothing to write. The killed one's Lease is taken away, as waiting for its end (15 s) is no work.

const tenants = sized("TENANTS", { whole: 1000, short: 40 });
const rounds = sized("ROUNDS", { whole: 7, short: 2 });
const lister = join(import.meta.dirname, "load/list-everything.ts");

const world = await openWorld();
let operator = await startOperator(world);
const population = await watchPopulation(world.kube);
let writes = 0;
let objects = 0;

const catchUp = async (): Promise<number> => {
  await operator.kill();
  await world.kube
    .delete(kinds.lease, { namespace: systemNamespace, name: "polyphony-operator" })
    .catch(ignoreNotFound);
  const began = performance.now();
  operator = await spawnOperator(world);
  await operator.idle(population.size, { everyMs: 100 });
  const took = performance.now() - began;
  writes += callsIn(await operator.samples(), "tenants").writes;
  return took;
};

const listEverything = async (): Promise<number> => {
  const began = performance.now();
  objects = Number(await runCommand(process.execPath, [lister, world.kubeconfig]));
  return performance.now() - began;
};

try {
  await population.atLeast(tenants);
  await operator.idle(0);
  await catchUp();
  await listEverything();
  writes = 0;
  const found = await interleave(rounds, catchUp, listEverything);
  publish({
    name: "restart-catch-up",
    about: `The operator killed (-9) with ${String(population.size)} tenants in sync; from the start of the next process until every tenant has been looked at
and the queue is empty. The Lease of the one killed is deleted: whoever follows a kill waits up to 15 s for it, before any work. Floor: a
process that lists the same ${String(objects)} objects page by page and parses them.`,
    comparisons: [{ what: "start → queue empty", unit: "ms", against: "floor", rounds: found, goal: { atMost: 1.5 } }],
    figures: [{ what: "writes of tenants and their objects", value: writes, unit: "", goal: { atMost: 0 } }],
    errors: { failed: 0, of: rounds },
    facts: world.facts,
  });
} finally {
  await population.stop();
  await operator.stop();
  await world.close();
}

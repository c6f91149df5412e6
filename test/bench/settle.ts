import { setTimeout as pause } from "node:timers/promises";
import { publish, sized } from "./findings.ts";
import { callsIn, cpuMicros, startOperator, tenantRuns, writesBetween } from "./world/operator-process.ts";
import { openWorld } from "./world/open-world.ts";
import { watchPopulation } from "./world/population.ts";

// settle: many tenants that nobody touches. In a quiet minute the operator writes nothing, and it stays small.

const tenants = sized("TENANTS", { whole: 1000, short: 40 });
const quietSeconds = sized("QUIET_SECONDS", { whole: 60, short: 5 });
/** After the last one is Ready: what trails behind (Events, counts in the status of servers and releases) has this long. */
const trailSeconds = sized("TRAIL_SECONDS", { whole: 65, short: 10 });

const world = await openWorld();
const operator = await startOperator(world);
const population = await watchPopulation(world.kube);
try {
  await population.atLeast(tenants);
  await pause(trailSeconds * 1000);
  await operator.idle(0);
  const before = await operator.samples();
  const residentBefore = await operator.residentMb();
  await pause(quietSeconds * 1000);
  const after = await operator.samples();
  const resident = Math.max(residentBefore, await operator.residentMb());
  const [was, is] = [callsIn(before), callsIn(after)];
  const written = writesBetween(before, after);
  publish({
    name: "settle",
    about: `${String(population.size)} tenants at rest for ${String(quietSeconds)} s, the operator as a process of its own. Counted by the
operator itself: calls to the API server, renewals of its Lease left out.`,
    comparisons: [],
    figures: [
      { what: "writes to the API server", value: is.writes - was.writes, unit: "", goal: { atMost: 0 } },
      { what: "reads from the API server", value: is.reads - was.reads, unit: "" },
      { what: "reconciles of Tenants", value: tenantRuns(after) - tenantRuns(before), unit: "" },
      { what: "CPU", value: (cpuMicros(after) - cpuMicros(before)) / 1000 / quietSeconds, unit: "ms/s" },
      { what: "resident", value: resident, unit: "MB", goal: { atMost: 120 } },
      { what: "of it, Node's own program text", value: await operator.fileBackedMb(), unit: "MB" },
      { what: "heap in use", value: after.sum("nodejs_heap_size_used_bytes") / 2 ** 20, unit: "MB" },
    ],
    errors: { failed: 0, of: population.size },
    ...(written.length > 0 ? { notes: `Written: ${written.join(", ")}.` } : {}),
    facts: world.facts,
  });
} finally {
  await population.stop();
  await operator.stop();
  await world.close();
}

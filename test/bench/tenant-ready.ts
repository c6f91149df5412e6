import { createBareMaker, createBareVaults } from "./floor/bare-vault.ts";
import { interleave, percentile, publish, sized } from "./findings.ts";
import { startOperator } from "./world/operator-process.ts";
import { openWorld } from "./world/open-world.ts";
import { watchPopulation } from "./world/population.ts";
import { randomSlug } from "./world/slug.ts";

// tenant-ready: from applying one Tenant on an idle system until a watch sees it Ready; one after the other. What was
// made stays, on both sides: nothing is being deleted while something is measured.

const rounds = sized("ROUNDS", { whole: 10, short: 2 });
const perRound = sized("PER_ROUND", { whole: 20, short: 4 });

const world = await openWorld();
const operator = await startOperator(world);
const population = await watchPopulation(world.kube);
const makeVault = await createBareVaults(world);
const bare = await createBareMaker(world, 4);
const times = { subject: [] as number[], floor: [] as number[] };

const eachTimed = async (into: number[], one: () => Promise<number>): Promise<number> => {
  const took: number[] = [];
  for (let index = 0; index < perRound; index += 1) took.push(await one());
  into.push(...took);
  return percentile(took, 0.5);
};

const becomeReady = async (): Promise<number> => {
  const slug = randomSlug("ready");
  const seen = population.ready(slug);
  const began = performance.now();
  await population.create(slug);
  return (await seen) - began;
};

const makeBare = async (): Promise<number> => {
  const vault = makeVault("WAL_LOG");
  const began = performance.now();
  await bare.inSequence(vault);
  return performance.now() - began;
};

try {
  // Once each, unmeasured: connections, caches and compiled code are warm.
  await becomeReady();
  await makeBare();
  const found = await interleave(
    rounds,
    () => eachTimed(times.subject, becomeReady),
    () => eachTimed(times.floor, makeBare),
  );
  const p99 = percentile(times.subject, 0.99);
  publish({
    name: "tenant-ready",
    about: `From applying one Tenant on an idle system until a watch sees it Ready, ${String(times.subject.length)} in turn, pods pretended by
kwok. Floor: the same objects and SQL (roles, a durable copy of a template of 40 tables, rights) written directly over kept
connections, one after the other, until the Deployment is available, with one record before and one after.`,
    comparisons: [{ what: "apply → Ready, p50", unit: "ms", against: "floor", rounds: found, goal: { atMost: 0.8 } }],
    figures: [
      { what: "p99", value: p99, unit: "ms" },
      { what: "p99 of p50", value: p99 / percentile(times.subject, 0.5), unit: "×", goal: { atMost: 3 } },
      { what: "floor's p99", value: percentile(times.floor, 0.99), unit: "ms" },
    ],
    errors: { failed: 0, of: times.subject.length },
    facts: world.facts,
  });
} finally {
  await bare.close();
  await population.stop();
  await operator.stop();
  await world.close();
}

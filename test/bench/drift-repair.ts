import { resourcePath, withType } from "../../kube/resource-path.ts";
import { childKinds } from "../../operator/tenant/children/children.ts";
import { namespaceOf } from "../../operator/tenant/names.ts";
import { createBareClient } from "./floor/bare-client.ts";
import { createBareMaker, createBareVaults } from "./floor/bare-vault.ts";
import { type Breakage, breakages, watchObjects } from "./floor/breakages.ts";
import { percentile, publish, sized } from "./findings.ts";
import type { Round } from "./rounds.ts";
import { startOperator } from "./world/operator-process.ts";
import { openWorld } from "./world/open-world.ts";
import { watchPopulation } from "./world/population.ts";

// drift-repair: objects of random vaults are broken, one after the other, and each time a watch waits until it is right
// again. Floor: a bare client with a watch of its own that puts the same object back as soon as it sees that.

const tenants = sized("TENANTS", { whole: 1000, short: 40 });
const rounds = sized("ROUNDS", { whole: 5, short: 2 });
const perRound = sized("PER_ROUND", { whole: 20, short: 4 });

const world = await openWorld();
const operator = await startOperator(world);
const population = await watchPopulation(world.kube);
const hand = await createBareClient(world.kubeconfig, 4);
const bare = await createBareMaker(world, 4);

type Breaking = (breakage: Breakage) => Promise<number>;

/** Each side meets the same breakages in the same order. */
const timed = async (one: Breaking): Promise<number[]> => {
  const took: number[] = [];
  for (let index = 0; index < perRound; index += 1) {
    const breakage = breakages[index % breakages.length];
    if (breakage) took.push(await one(breakage));
  }
  return took;
};

const measure = async (byOperator: Breaking, byHand: Breaking) => {
  const found = { p50: [] as Round[], p99: [] as Round[] };
  await timed(byOperator);
  await timed(byHand);
  for (let index = 0; index < rounds; index += 1) {
    const early = index % 2 === 0 ? await timed(byOperator) : undefined;
    const floor = await timed(byHand);
    const subject = early ?? (await timed(byOperator));
    const at = (part: number): Round => ({ subject: percentile(subject, part), floor: percentile(floor, part) });
    found.p50.push(at(0.5));
    found.p99.push(at(0.99));
    const told = [subject, floor].map((times) => percentile(times, 0.5).toFixed(1)).join(" against ");
    process.stdout.write(`round ${String(index + 1)} of ${String(rounds)}: ${told} ms\n`);
  }
  return found;
};

try {
  const slugs = await population.atLeast(tenants);
  await operator.idle(0);
  const makeVault = await createBareVaults(world);
  const victim = makeVault("WAL_LOG");
  await bare.inSequence(victim);
  const [ours, theirs] = [await watchObjects(world.kube, "polyphony"), await watchObjects(world.kube, "bench")];

  const putBack = (kind: Breakage["kind"]): void => {
    const child = victim.stages.flat().find((one) => one.kind === kind);
    if (!child) return;
    const where = { name: child.object.metadata?.name ?? "", namespace: victim.namespace };
    const path = resourcePath(childKinds[kind], where, { fieldManager: "bench", force: true });
    const sent = hand.call("PATCH", path, withType(childKinds[kind], child.object), "application/apply-patch+yaml");
    // Seen whole before its answer is in, the last one may be cut off at the end.
    sent.catch(() => undefined);
  };
  const found = await measure(
    (breakage) => {
      const slug = slugs[Math.floor(Math.random() * slugs.length)] ?? "";
      return ours.breakOnce(hand, namespaceOf(population.vaultIdOf(slug)), breakage);
    },
    (breakage) => theirs.breakOnce(hand, victim.namespace, breakage, () => putBack(breakage.kind)),
  );
  await Promise.all([ours.stop(), theirs.stop()]);
  publish({
    name: "drift-repair",
    about: `Objects of random vaults among ${String(population.size)} broken by hand, ${String(perRound)} a round, one after the other (Secret, Service and ResourceQuota
edited, ServiceAccount deleted): from the hand's request until a watch sees the object as it was. Floor: a bare client that watches the
same kinds and writes the object back at once.`,
    comparisons: [
      { what: "broken → repaired, p50", unit: "ms", against: "floor", rounds: found.p50 },
      { what: "broken → repaired, p99", unit: "ms", against: "floor", rounds: found.p99, goal: { atMost: 3 } },
    ],
    errors: { failed: 0, of: rounds * perRound },
    facts: world.facts,
  });
} finally {
  hand.close();
  await bare.close();
  await population.stop();
  await operator.stop();
  await world.close();
}

import { createBareMaker, createBareVaults } from "./floor/bare-vault.ts";
import { createHelmInstall } from "./floor/helm-install.ts";
import { publish, sized } from "./findings.ts";
import { inParallel } from "./in-parallel.ts";
import { median } from "./report.ts";
import type { Round } from "./rounds.ts";
import { startOperator } from "./world/operator-process.ts";
import { openWorld } from "./world/open-world.ts";
import { watchPopulation } from "./world/population.ts";
import { randomSlug } from "./world/slug.ts";

// tenant-burst: many Tenants at once, until all are Ready. What was made stays, on both sides.

const rounds = sized("ROUNDS", { whole: 5, short: 1 });
const perRound = sized("PER_ROUND", { whole: 100, short: 16 });
const perHelmRound = sized("HELM", { whole: 16, short: 8 });
const atATime = 16;
const helmAtATime = 8;
/** What Flux published for its kustomize-controller: 1,000 objects in 64 s on 16 cores. */
const fluxObjectsPerSecond = 15.6;

const world = await openWorld();
const operator = await startOperator(world);
const population = await watchPopulation(world.kube);
const makeVault = await createBareVaults(world);
const bare = await createBareMaker(world, atATime);
const helmInstall = await createHelmInstall(world);
let failed = 0;
let asked = 0;

/** Things per second. */
const rateOf = async (count: number, work: () => Promise<{ failed: number; first?: unknown }>): Promise<number> => {
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  asked += count;
  failed += result.failed;
  if (result.failed > 0) process.stderr.write(`${String(result.failed)} failed; the first: ${String(result.first)}\n`);
  return (count - result.failed) / seconds;
};

const burst = (): Promise<number> => {
  const slugs = Array.from({ length: perRound }, () => randomSlug("burst"));
  return rateOf(perRound, async () => {
    const ready = slugs.map((slug) => population.ready(slug));
    const created = await inParallel(slugs, atATime, (slug) => population.create(slug));
    if (created.failed === 0) await Promise.all(ready);
    return created;
  });
};

const bareBurst = (): Promise<number> => {
  const vaults = Array.from({ length: perRound }, () => makeVault("FILE_COPY"));
  return rateOf(perRound, () => inParallel(vaults, atATime, (vault) => bare.sideBySide(vault)));
};

const helmBurst = (): Promise<number> => {
  const vaults = Array.from({ length: perHelmRound }, () => makeVault("FILE_COPY"));
  return rateOf(perHelmRound, () => inParallel(vaults, helmAtATime, helmInstall));
};

const measure = async (): Promise<{ floor: Round[]; helm: Round[] }> => {
  const found = { floor: [] as Round[], helm: [] as Round[] };
  for (let index = 0; index < rounds; index += 1) {
    const early = index % 2 === 0 ? await burst() : 0;
    const floor = await bareBurst();
    const helm = await helmBurst();
    const subject = early || (await burst());
    found.floor.push({ subject, floor });
    found.helm.push({ subject, floor: helm });
    const told = [subject, floor, helm].map((rate) => rate.toFixed(1)).join(" · ");
    process.stdout.write(`round ${String(index + 1)} of ${String(rounds)}: ${told} tenants/s (ours, floor, Helm)\n`);
  }
  return found;
};

try {
  const { floor, helm } = await measure();
  const objects = makeVault("FILE_COPY").stages.flat().length;
  const objectsPerSecond = median(floor.map(({ subject }) => subject)) * objects;
  publish({
    name: "tenant-burst",
    about: `${String(perRound)} Tenants at once, ${String(rounds)} times, until all are Ready; pods pretended by kwok. Floor: a bare client
that writes the same objects and makes the same copies (FILE_COPY), ${String(atATime)} vaults in flight, objects beside SQL, until the
Deployments are available. Peer: \`helm install\` of the same objects, without databases, ${String(helmAtATime)} at a time, ${String(perHelmRound)} a round.`,
    comparisons: [
      { what: "tenants until Ready", unit: "/s", against: "floor", rounds: floor, goal: { atLeast: 0.7 } },
      { what: "tenants until Ready", unit: "/s", against: "helm install", rounds: helm, goal: { atLeast: 10 } },
    ],
    figures: [
      {
        what: `objects (${String(objects)} for each tenant), of Flux's published ${String(fluxObjectsPerSecond)}/s on 16 cores`,
        value: objectsPerSecond / fluxObjectsPerSecond,
        unit: "×",
        goal: { atLeast: 5 },
      },
    ],
    errors: { failed, of: asked },
    facts: world.facts,
  });
} finally {
  await bare.close();
  await population.stop();
  await operator.stop();
  await world.close();
}

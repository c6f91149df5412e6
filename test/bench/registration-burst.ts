import { startControlApi, type ControlApi } from "../builders/a-control-api.ts";
import { registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient } from "../builders/an-api-client.ts";
import { interleave, publish, sized } from "./findings.ts";
import { inParallel } from "./in-parallel.ts";
import { startOperator } from "./world/operator-process.ts";
import { openWorld } from "./world/open-world.ts";
import { type Population, watchPopulation } from "./world/population.ts";
import { randomSlug } from "./world/slug.ts";

// registration-burst: many registrations at once, each through form and mail, until all vaults are Ready. Beside it
// tenant-burst: as many Tenants, applied at once.

const rounds = sized("ROUNDS", { whole: 3, short: 1 });
const perRound = sized("PER_ROUND", { whole: 333, short: 16 });
const visitors = 64;
const creators = 16;

const lost: string[] = [];
const registered: string[] = [];

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

const registerAll = (api: ControlApi, population: Population): Promise<number> => {
  const slugs = Array.from({ length: perRound }, () => randomSlug("signup"));
  return seconds(async () => {
    const ready = slugs.map((slug) => population.ready(slug));
    const { failed, first } = await inParallel(slugs, visitors, async (slug) => {
      const { status } = await registerAndProve(api, anApiClient(api.url), slug, `owner@${slug}.example`);
      if (status !== 201) lost.push(slug);
      else registered.push(slug);
    });
    if (failed > 0) throw new Error(`${String(failed)} registrations failed; the first: ${String(first)}`);
    await Promise.all(ready);
  });
};

const applyAll = (population: Population): Promise<number> => {
  const slugs = Array.from({ length: perRound }, () => randomSlug("burst"));
  return seconds(async () => {
    const ready = slugs.map((slug) => population.ready(slug));
    await inParallel(slugs, creators, (slug) => population.create(slug));
    await Promise.all(ready);
  });
};

/** Organizations that are not exactly once in the registry, or whose owner was written to other than once. */
const doubled = async ({ registry, mails }: ControlApi): Promise<number> => {
  const [row] = await registry.asPlatform((transaction) =>
    transaction("organizations").whereIn("slug", registered).count<{ count: string }[]>("id"),
  );
  const letters = registered.filter((slug) => {
    const confirmations = mails.list(`owner@${slug}.example`).filter(({ subject }) => /^Confirm/.test(subject));
    return confirmations.length !== 1;
  });
  return Math.abs(Number(row?.count) - registered.length) + letters.length;
};

const world = await openWorld();
Object.assign(process.env, {
  POLYPHONY_TEST_PG_ADMIN_URL: world.adminUrl,
  POLYPHONY_TEST_KUBECONFIG: world.kubeconfig,
});
const operator = await startOperator(world);
const population = await watchPopulation(world.kube);
const api = await startControlApi({ RATE_LIMITS_FACTOR: "1000000" });
try {
  const found = await interleave(
    rounds,
    () => registerAll(api, population),
    () => applyAll(population),
  );
  publish({
    name: "registration-burst",
    about: `${String(perRound)} registrations by ${String(visitors)} visitors at once, ${String(rounds)} times, each through form, mail and link,
until all vaults are Ready; pods pretended by kwok. Against tenant-burst in the same run: as many Tenants applied, ${String(creators)} at a time.`,
    comparisons: [
      { what: "until all are Ready", unit: "s", against: "tenant-burst", rounds: found, goal: { atMost: 1.2 } },
    ],
    figures: [
      { what: "lost", value: lost.length, unit: "", goal: { atMost: 0 } },
      { what: "doubled", value: await doubled(api), unit: "", goal: { atMost: 0 } },
    ],
    errors: { failed: lost.length, of: rounds * perRound },
    facts: world.facts,
  });
} finally {
  await api.stop();
  await population.stop();
  await operator.stop();
  await world.close();
}

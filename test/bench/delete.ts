import pg from "pg";
import { kinds } from "../../kube/kinds.ts";
import { shortId } from "../../operator/tenant/names.ts";
import { type BareVault, createBareMaker, createBareVaults } from "./floor/bare-vault.ts";
import { interleave, publish, sized } from "./findings.ts";
import { inParallel } from "./in-parallel.ts";
import { startOperator } from "./world/operator-process.ts";
import { openWorld } from "./world/open-world.ts";
import { watchPopulation } from "./world/population.ts";
import { randomSlug } from "./world/slug.ts";

// delete: Tenants with no retention, all at once, until Tenant, namespace, database and roles are gone.

const rounds = sized("ROUNDS", { whole: 5, short: 1 });
const perRound = sized("PER_ROUND", { whole: 25, short: 4 });
const atATime = 16;

const world = await openWorld();
const operator = await startOperator(world);
const population = await watchPopulation(world.kube);
const makeVault = await createBareVaults(world);
const bare = await createBareMaker(world, atATime);
const admin = new pg.Client({ connectionString: world.adminUrl });
await admin.connect();
let failed = 0;
let orphans = 0;

/** What is left of deleted vaults, on both sides of the world. */
const countOrphans = async (vaultIds: readonly string[]): Promise<number> => {
  const names = vaultIds.map((id) => `vault_${id.replaceAll("-", "")}`);
  const left = await admin.query(
    `SELECT datname FROM pg_database WHERE datname = ANY ($1)
     UNION ALL SELECT rolname FROM pg_roles WHERE substring(rolname FROM 1 FOR 38) = ANY ($1)`,
    [names],
  );
  const namespaces = await world.kube.list(kinds.namespace);
  const gone = new Set(vaultIds.map((id) => `vault-${shortId(id)}`));
  return left.rows.length + namespaces.filter(({ metadata }) => gone.has(metadata?.name ?? "")).length;
};

/** Milliseconds for each. */
const timed = async <T>(items: readonly T[], atOnce: number, remove: (item: T) => Promise<void>): Promise<number> => {
  const began = performance.now();
  const result = await inParallel(items, atOnce, remove);
  failed += result.failed;
  if (result.failed > 0)
    process.stderr.write(`the first of ${String(result.failed)} errors: ${String(result.first)}\n`);
  return (performance.now() - began) / items.length;
};

const removeTenants = async (): Promise<number> => {
  const slugs = Array.from({ length: perRound }, () => randomSlug("leaving"));
  await inParallel(slugs, atATime, (slug) => population.create(slug));
  await Promise.all(slugs.map((slug) => population.ready(slug)));
  await operator.idle(0);
  const vaultIds = slugs.map((slug) => population.vaultIdOf(slug));
  const took = await timed(slugs, perRound, (slug) => population.remove(slug));
  orphans += await countOrphans(vaultIds);
  return took;
};

const removeBare = async (): Promise<number> => {
  const vaults: BareVault[] = Array.from({ length: perRound }, () => makeVault("FILE_COPY"));
  await inParallel(vaults, atATime, (vault) => bare.sideBySide(vault));
  return timed(vaults, atATime, (vault) => bare.remove(vault));
};

try {
  const found = await interleave(rounds, removeTenants, removeBare);
  publish({
    name: "delete",
    about: `${String(perRound)} Tenants with no retention deleted at once, ${String(rounds)} times, until the last is gone; the breaker's answer given beforehand. Floor: DELETE of the
namespace and DROP DATABASE (FORCE) and DROP ROLE over kept connections, ${String(atATime)} in flight, until the namespace is gone.`,
    comparisons: [{ what: "each of them", unit: "ms", against: "floor", rounds: found, goal: { atMost: 1.3 } }],
    figures: [{ what: "namespaces, databases and roles left", value: orphans, unit: "", goal: { atMost: 0 } }],
    errors: { failed, of: rounds * perRound * 2 },
    facts: world.facts,
  });
} finally {
  await admin.end();
  await bare.close();
  await population.stop();
  await operator.stop();
  await world.close();
}

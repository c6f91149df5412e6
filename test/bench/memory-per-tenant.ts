import { join } from "node:path";
import { build } from "esbuild";
import { runCommand } from "../../cluster/machine/run-command.ts";
import { kinds } from "../../kube/kinds.ts";
import type { Kind } from "../../kube/kube.ts";
import { childKinds } from "../../operator/tenant/children/children.ts";
import { namespaceOf } from "../../operator/tenant/names.ts";
import { interleave, publish, sized } from "./findings.ts";
import { startOperator } from "./world/operator-process.ts";
import { openWorld, type World } from "./world/open-world.ts";
import { watchPopulation } from "./world/population.ts";
import { type Pattern, startReplicaServer } from "./world/replica-server.ts";

// memory-per-tenant: what one more tenant costs the operator's caches. Objects of a real vault are read from the API
// server and served again many times over, under other names; so the count of tenants is not the machine's to limit.

const few = 100;
const many = sized("TENANTS", { whole: 5000, short: 1000 });
const rounds = sized("ROUNDS", { whole: 5, short: 2 });
const holder = join(import.meta.dirname, "load/hold-caches.ts");

/** In one file, as the operator is: what compiles TypeScript would take more memory than the caches. */
const bundleHolder = async (folder: string): Promise<string> => {
  const outfile = join(folder, "hold-caches.mjs");
  await build({
    entryPoints: [holder],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["pg-native", "@kubernetes/client-node"],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return outfile;
};

type Held = { heap: number; rss: number; objects: number };

/** The objects of one vault, as the API server has them. */
const patternsOf = async ({ kube }: World, slug: string, namespace: string): Promise<Pattern[]> => {
  const inside: Kind[] = [...Object.values(childKinds).filter(({ namespaced }) => namespaced), kinds.endpointSlice];
  const patterns = inside.map(async (kind) => ({
    kind,
    objects: (await kube.list(kind, { namespace, labelSelector: "polyphony.dev/vault-id" })).map((object) => object),
  }));
  return [
    { kind: kinds.tenant, objects: [await kube.get(kinds.tenant, { name: slug })] },
    { kind: kinds.namespace, objects: [await kube.get(kinds.namespace, { name: namespace })] },
    ...(await Promise.all(patterns)),
  ];
};

const world = await openWorld();
const operator = await startOperator(world);
const population = await watchPopulation(world.kube);
try {
  const [slug = ""] = await population.atLeast(1);
  const vaultId = population.vaultIdOf(slug);
  const namespace = namespaceOf(vaultId);
  const replica = await startReplicaServer(world.folder, await patternsOf(world, slug, namespace), (n) => [
    [vaultId, `${n.toString(16).padStart(8, "0")}${vaultId.slice(8)}`],
    [namespace, `vault-${n.toString(16).padStart(8, "0")}${namespace.slice(14)}`],
    [slug, `${slug}-${String(n)}`],
  ]);
  const program = await bundleHolder(world.folder);
  const hold = async (mode: "projections" | "whole", copies: number): Promise<Held> => {
    replica.resize(copies);
    return JSON.parse(
      await runCommand(process.execPath, ["--expose-gc", "--max-semi-space-size=2", program, replica.kubeconfig, mode]),
    ) as Held;
  };
  let largest: Held = { heap: 0, rss: 0, objects: 0 };
  /** Bytes of heap for one tenant more. */
  const slopeOf = async (mode: "projections" | "whole"): Promise<number> => {
    const [small, large] = [await hold(mode, few), await hold(mode, many)];
    if (mode === "projections" && large.rss > largest.rss) largest = large;
    return (large.heap - small.heap) / (many - few) / 1024;
  };
  const found = await interleave(
    rounds,
    () => slopeOf("projections"),
    () => slopeOf("whole"),
  );
  await replica.close();
  publish({
    name: "memory-per-tenant",
    about: `What one more tenant adds to the heap of the operator's caches, from ${String(few)} to ${String(many)} tenants; ${(largest.objects / many).toFixed(0)} objects each, those of a
real vault served many times over. Peer: caches of the same kinds that keep each object whole, as a plain informer does.`,
    comparisons: [
      { what: "heap for each tenant", unit: "kB", against: "whole objects", rounds: found, goal: { atMost: 0.1 } },
    ],
    figures: [
      {
        what: `resident, caches of ${String(many)} tenants`,
        value: largest.rss / 2 ** 20,
        unit: "MB",
        goal: { atMost: 200 },
      },
      { what: `heap, caches of ${String(many)} tenants`, value: largest.heap / 2 ** 20, unit: "MB" },
    ],
    errors: { failed: 0, of: rounds },
    facts: world.facts,
  });
} finally {
  await population.stop();
  await operator.stop();
  await world.close();
}

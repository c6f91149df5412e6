import { setTimeout as pause } from "node:timers/promises";
import { clusterAccess } from "../../../kube/cluster-access.ts";
import { kinds } from "../../../kube/kinds.ts";
import { createLiveKube } from "../../../kube/live-kube.ts";
import { createReflector, type Reflector } from "../../../kube/reflector.ts";
import { childKinds } from "../../../operator/tenant/children/children.ts";
import { createTenantCaches } from "../../../operator/tenant/tenant-sources.ts";

// A program, run with --expose-gc: fills the operator's caches, or whole-object ones of the same kinds, and prints what
// memory they take. Usage: hold-caches.ts <kubeconfig> projections|whole
const [kubeconfig = "", mode = ""] = process.argv.slice(2);
const kube = createLiveKube({ access: clusterAccess(kubeconfig), fieldManager: "bench" });

const collect = globalThis.gc;
if (!collect) throw new Error("run this with --expose-gc");

const projections = (): Reflector<unknown>[] => {
  const { children, endpoints, tenants } = createTenantCaches(kube, { selector: "", notice: () => undefined });
  return [...Object.values(children), endpoints, tenants];
};

/** What an informer keeps: each object as it came. */
const whole = (): Reflector<unknown>[] =>
  [...Object.values(childKinds), kinds.endpointSlice, kinds.tenant].map((kind) =>
    createReflector({ kube, kind, project: (object) => object }),
  );

collect();
const before = process.memoryUsage().heapUsed;
const reflectors = mode === "whole" ? whole() : projections();
for (const reflector of reflectors) reflector.start();
await Promise.all(reflectors.map((reflector) => reflector.whenSynced()));
await pause(200);
collect();
const objects = reflectors.reduce((total, reflector) => total + reflector.size, 0);
const { heapUsed, rss } = process.memoryUsage();
process.stdout.write(JSON.stringify({ heap: heapUsed - before, rss, objects }));
process.exit(0);

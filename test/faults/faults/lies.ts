import { kinds } from "../../../kube/kinds.ts";
import type { Fault } from "../plan.ts";
import type { ApiCall } from "../proxies/api-call.ts";
import type { World } from "../world/world.ts";
import type { FaultRun } from "./fault-run.ts";
import { kill } from "./kill.ts";

/** Nothing more comes over the watches that are open, and nobody closes them. */
export const silentWatches = ({ api }: World): FaultRun => ({
  begin: () => api.silenceWatches(),
  happened: () => true,
});

/** Lists that fill caches: of all namespaces, from the beginning. */
const fillsCache = (call: ApiCall): boolean =>
  call.verb === "list" && call.namespace === "" && !call.url.searchParams.has("continue");

/** The successor's caches begin with what was so before the operation; watches go on from there. */
export const oldLists = (fault: Extract<Fault, { kind: "old-lists" }>, world: World): FaultRun => {
  const killed = kill({ ...fault, kind: "kill" }, world);
  const told = new Set<string>();
  let version = "";
  return {
    ...killed,
    begin: async () => {
      version = (await world.kube.listPage(kinds.tenant, { limit: 1 })).resourceVersion;
      world.api.rule({
        rewrite: (call) => {
          if (!killed.happened() || !fillsCache(call) || told.has(call.resource)) return undefined;
          told.add(call.resource);
          const url = new URL(call.url);
          url.searchParams.set("resourceVersion", version);
          url.searchParams.set("resourceVersionMatch", "Exact");
          return url;
        },
      });
    },
    end: () => world.api.rule({}),
  };
};

/** The successor's first list of Tenants is empty: nothing may be taken down for that. */
export const emptyLists = (fault: Extract<Fault, { kind: "empty-lists" }>, world: World): FaultRun => {
  const killed = kill({ ...fault, kind: "kill" }, world);
  let told = false;
  return {
    ...killed,
    begin: () =>
      world.api.rule({
        replaceList: (call, body) => {
          if (told || !killed.happened() || call.resource !== "tenants" || call.verb !== "list") return undefined;
          told = true;
          return JSON.stringify({ ...(JSON.parse(body) as object), items: [] });
        },
      }),
    end: () => world.api.rule({}),
    // The truth comes with the next list; this is how it is asked for soon.
    aftermath: () => world.operator.replace(),
  };
};

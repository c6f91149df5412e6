import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kinds, type Pod } from "../../kube/kinds.ts";
import { demoNames, openDemo, type Demo } from "../e2e/support/demo-installation.ts";
import { createTenants, randomSlug, tenantManifest, vaultNamespace, type Tenants } from "../e2e/support/tenants.ts";
import { countAttempts } from "./attempts.ts";
import { isPolicyEnforced } from "./network/enforcement-probe.ts";
import { reachFrom, type Target } from "./network/reach.ts";

jest.setTimeout(240_000);

const count = countAttempts(
  "N1-packets",
  "connections from one vault's pod to another, the platform, the node and the cloud",
);

let demo: Demo;
let tenants: Tenants;
let mine: string;
let theirs: string;
let enforced: boolean;

const podsOf = (namespace: string, labelSelector?: string): Promise<Pod[]> =>
  demo.kube.list(kinds.pod, { namespace, ...(labelSelector === undefined ? {} : { labelSelector }) });

const addressOf = async (namespace: string, labelSelector?: string): Promise<string> => {
  const [pod] = (await podsOf(namespace, labelSelector)).filter(({ status }) => status?.phase === "Running");
  if (!pod?.status?.podIP) throw new Error(`no pod runs in ${namespace} (${labelSelector ?? "any"})`);
  return pod.status.podIP;
};

const component = (name: string) => `app.kubernetes.io/name=polyphony,app.kubernetes.io/component=${name}`;

beforeAll(async () => {
  demo = await openDemo({ breaksThings: true });
  tenants = createTenants(demo);
  const slugs = [randomSlug("net-a"), randomSlug("net-b")] as const;
  await tenants.apply(...slugs.map((slug) => tenantManifest(slug)));
  [mine, theirs] = (await Promise.all(slugs.map(async (slug) => vaultNamespace(await tenants.ready(slug))))) as [
    string,
    string,
  ];
  const image = (await podsOf(mine))[0]?.spec?.containers[0]?.image ?? "";
  enforced = await isPolicyEnforced(demo, image);
});

afterAll(async () => {
  await tenants.removeAll();
  demo.close();
  count.finish();
});

const at = (name: string, host: string, port: number): Target => ({ name: `${name}:${String(port)}`, host, port });

const forbidden = async (): Promise<Target[]> => {
  const other = await addressOf(theirs);
  const [pod] = await podsOf(mine);
  const node = pod?.status?.hostIP ?? "";
  const { spec } = await demo.kube.get(kinds.service, { namespace: theirs, name: "vault" });
  const api = await demo.kube.get(kinds.service, { namespace: "default", name: "kubernetes" });
  return [
    at("the other vault's pod", other, 8080),
    at("the other vault's internal port", other, 9090),
    at("the other vault's Service", spec?.clusterIP ?? "", 8080),
    at("the operator", await addressOf(demoNames.system, component("operator")), 9090),
    at("the gateway", await addressOf(demoNames.system, component("gateway")), 9090),
    at("the control API, past the gateway", await addressOf(demoNames.system, component("control-api")), 8080),
    at("the control API's metrics", await addressOf(demoNames.system, component("control-api")), 9090),
    at("the queue", await addressOf(demoNames.system, component("redis")), 6379),
    at("the API server", api.spec?.clusterIP ?? "", 443),
    at("the kubelet", node, 10250),
    at("the node's ssh", node, 22),
    at("the cloud's metadata", "169.254.169.254", 80),
  ];
};

describe("N1: by packets, from a vault's pod", () => {
  it("what must work works: its database and the mail server", async () => {
    const database = await addressOf(demoNames.system, component("postgresql"));
    const targets = [at("PostgreSQL", database, 5432), at("mail", "inbox.polyphony-demo.svc", 1025)];
    const reached = await reachFrom(demo, mine, "deploy/vault", targets);
    expect(reached).toEqual(targets.map(({ name }) => ({ name, how: "open", arrived: true })));
  });

  it("nothing else arrives where the cluster's network keeps to policies; where it does not, the report says so", async () => {
    const reached = await reachFrom(demo, mine, "deploy/vault", await forbidden());
    if (!enforced) {
      // Two pods of our own could talk in spite of a policy: what the model refuses would arrive here.
      count.note(
        "the network of the cluster that was tried (CLUSTER=local: bridge, without a policy engine) does not enforce " +
          "NetworkPolicies, found with two pods of the probe; by packets only what must work was tried, the rest by the model.",
      );
      expect(reached.find(({ name }) => name === "the other vault's pod:8080")?.arrived).toBe(true);
      return;
    }
    for (const { name, arrived } of reached) count.tried(name, !arrived);
    expect(reached.filter(({ arrived }) => arrived)).toEqual([]);
  });
});

/* eslint-disable @typescript-eslint/no-unsafe-assignment -- objects of the API are looked at as they come */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Deployment, NetworkPolicy, ResourceQuota } from "../../kube/kinds.ts";
import { type Check, podWith, refusedChecks, type Try } from "../isolation/account/benchmark.ts";
import { placeTwoVaults, tokenOf, type VaultNamespace } from "../isolation/account/two-vaults.ts";
import { countAttempts } from "../isolation/attempts.ts";
import { connectApiServer, type ApiServer } from "./api-server.ts";

const count = countAttempts(
  "K2",
  "pods, services, volumes and limits in a vault's namespace: the multi-tenancy benchmark",
);

let admin: ApiServer;
let account: ApiServer;
let a: VaultNamespace;
let b: VaultNamespace;
let remove: () => Promise<void>;

beforeAll(async () => {
  admin = await connectApiServer();
  ({ a, b, remove } = await placeTwoVaults(admin));
  account = await connectApiServer(await tokenOf(admin, a.namespace, "vault"));
});

afterAll(async () => {
  await remove();
  admin.close();
  account.close();
  count.finish();
});

const create = ({ plural, object }: Try) =>
  admin.call("POST", `/api/v1/namespaces/${a.namespace}/${plural}?dryRun=All`, { body: object });

const stored = async <T>(root: string, what: string): Promise<T> => {
  const { status, body, message } = await admin.call("GET", `${root}/namespaces/${a.namespace}/${what}`);
  if (status !== 200) throw new Error(message);
  return body as T;
};

const tryCheck = async (check: Check): Promise<void> => {
  if ("refused" in check) {
    for (const attempt of check.refused) {
      const { status, message } = await create(attempt);
      count.tried(`${check.name}: ${JSON.stringify(attempt.object)}`, status === 403);
      expect([status, message]).toEqual([403, expect.stringMatching(check.words)]);
    }
    return;
  }
  for (const [method, path] of check.forbidden) {
    const at = path.replace("{own}", a.namespace).replace("{other}", b.namespace);
    const contentType = method === "PATCH" ? { contentType: "application/merge-patch+json" } : {};
    const { status } = await account.call(method, at, {
      ...contentType,
      ...(method === "PATCH" || method === "PUT" || method === "POST" ? { body: {} } : {}),
    });
    count.tried(`${check.name}: ${method} ${at}`, status === 403);
    expect([method, at, status]).toEqual([method, at, 403]);
  }
};

/** The checks that hold by what is there. */
const shown: Record<string, () => Promise<void>> = {
  "Require image pull always": async () => {
    // Nobody but the operator makes pods here, and its images are by digest: what a node has kept is what was meant.
    const deployment = await stored<Deployment>("/apis/apps/v1", "deployments/vault");
    const images = deployment.spec?.template.spec?.containers.map(({ image }) => image);
    expect(images).toEqual([expect.stringMatching(/@sha256:[0-9a-f]{64}$/)]);
  },
  "Configure namespace resource quotas": async () => {
    const quota = await stored<ResourceQuota>("/api/v1", "resourcequotas/vault");
    expect(Object.keys(quota.spec?.hard ?? {})).toEqual(expect.arrayContaining(["limits.cpu", "limits.memory"]));
    const greedy = podWith({}, { resources: { limits: { cpu: "900", memory: "900Gi" } } });
    const { status, message } = await create(greedy);
    count.tried("a pod with 900 GiB of memory", status === 403);
    expect(message).toContain("exceeded quota: vault");
  },
  "Configure namespace object limits": async () => {
    const quota = await stored<ResourceQuota>("/api/v1", "resourcequotas/vault");
    expect(quota.spec?.hard).toMatchObject({
      pods: "5",
      "services.nodeports": "0",
      "services.loadbalancers": "0",
      persistentvolumeclaims: "0",
    });
  },
  "Block network access across tenant namespaces": async () => {
    const policy = await stored<NetworkPolicy>("/apis/networking.k8s.io/v1", "networkpolicies/default-deny");
    expect(policy.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  },
};

describe("K2: the multi-tenancy benchmark, profile level 1", () => {
  it("has twenty checks", () => {
    expect(refusedChecks.length + Object.keys(shown).length).toBe(20);
  });

  it("lets in a pod that breaks nothing, so that each refusal below is for what it breaks", async () => {
    expect(await create(podWith())).toMatchObject({ status: 201 });
  });

  it.each(refusedChecks.map((check) => [check.name, check] as const))("%s", async (_name, check) => tryCheck(check));

  it.each(Object.entries(shown))("%s", async (_name, look) => look());
});

/* eslint-disable @typescript-eslint/no-unsafe-assignment -- objects of the API are looked at as they come */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ApiRequest, discover, requestsFor } from "../isolation/account/api-requests.ts";
import { placeTwoVaults, tokenOf, type VaultNamespace } from "../isolation/account/two-vaults.ts";
import { countAttempts } from "../isolation/attempts.ts";
import { connectApiServer, type ApiServer } from "./api-server.ts";
import { installCrds } from "./install-crds.ts";
import { home, installAccounts } from "./render-chart.ts";

const count = countAttempts("K1", "a vault's own accounts and tokens against the Kubernetes API");

let admin: ApiServer;
let a: VaultNamespace;
let b: VaultNamespace;
let remove: () => Promise<void>;
let requests: ApiRequest[];
const clients: ApiServer[] = [];

const as = async (token: string): Promise<ApiServer> => {
  const client = await connectApiServer(token);
  clients.push(client);
  return client;
};

beforeAll(async () => {
  admin = await connectApiServer();
  await installCrds(admin);
  await installAccounts(admin);
  ({ a, b, remove } = await placeTwoVaults(admin));
  requests = requestsFor(await discover(admin), [a.namespace, b.namespace, home, "kube-system"]);
});

afterAll(async () => {
  await remove();
  for (const client of [admin, ...clients]) client.close();
  count.finish();
});

/** What every account in Kubernetes may: ask about itself. */
const aboutItself = /^create selfsubject(access|rules)?reviews /;

/** Asks all, some at a time; the names of those that were answered with something else than these statuses. */
const notRefused = async (client: ApiServer, all: ApiRequest[], statuses: readonly number[]): Promise<string[]> => {
  const letIn: string[] = [];
  const queue = [...all];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { method, path, contentType, body } = next;
      const options = { ...(contentType ? { contentType } : {}), ...(body ? { body } : {}) };
      const { status } = await client.call(method, path, options);
      const refused = statuses.includes(status);
      if (!aboutItself.test(next.name)) count.tried(next.name, refused);
      if (!refused) letIn.push(next.name);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return letIn;
};

describe("K1: with a token of a vault's account,", () => {
  it("the administrator is let in, so that each refusal below is for who asks", async () => {
    const [read] = requests.filter(({ name }) => name === `list secrets (/api/v1) in ${b.namespace}`);
    expect((await admin.call("GET", read?.path ?? "")).status).toBe(200);
    expect(requests.length).toBeGreaterThan(1000);
  });

  it.each(["vault", "default"])(
    "the account %s is refused each verb on each kind, at home, in the other vault, in the platform and in the cluster",
    async (account) => {
      const client = await as(await tokenOf(admin, a.namespace, account));
      const open = await notRefused(client, requests, [403]);
      expect(open.filter((name) => !aboutItself.test(name))).toEqual([]);
      expect(open.length).toBeLessThanOrEqual(requests.filter(({ name }) => aboutItself.test(name)).length);
    },
    120_000,
  );

  it("without a token everything is refused too", async () => {
    expect(await notRefused(await as(""), requests, [401, 403])).toEqual([]);
  });

  it("pages of the API server beside resources are closed, but for its version, its health and its description", async () => {
    const client = await as(await tokenOf(admin, a.namespace, "vault"));
    const paths = [
      "/metrics",
      "/metrics/slis",
      "/logs",
      "/debug/pprof",
      "/debug/flags/v",
      "/configz",
      "/statusz",
      "/flagz",
    ];
    const all = paths.map((path) => ({ name: `GET ${path}`, method: "GET", path }));
    // 404: the server of this suite has no such page at all.
    expect(await notRefused(client, all, [403, 404])).toEqual([]);
    expect((await client.call("GET", "/version")).status).toBe(200);
  });

  it("nobody can be impersonated: not the other vault, not the operator, not an administrator", async () => {
    const client = await as(await tokenOf(admin, a.namespace, "vault"));
    const others = [
      `system:serviceaccount:${b.namespace}:vault`,
      `system:serviceaccount:${home}:polyphony-operator`,
      `system:serviceaccount:kube-system:generic-garbage-collector`,
      "system:admin",
      "system:kube-controller-manager",
      "system:node:node-1",
      "kubernetes-admin",
    ];
    const groups = [["system:masters"], ["system:nodes"], ["system:serviceaccounts", "system:authenticated"]];
    const path = `/api/v1/namespaces/${b.namespace}/secrets/vault`;
    for (const other of others) {
      for (const group of groups) {
        const { status, message } = await client.call("GET", path, { as: other, groups: group });
        count.tried(`impersonates ${other} in ${group.join()}`, status === 403);
        expect([other, status, message]).toEqual([other, 403, expect.stringContaining("cannot impersonate")]);
      }
    }
  });

  it("the other vault's token cannot be looked into, nor one made", async () => {
    const client = await as(await tokenOf(admin, a.namespace, "vault"));
    const token = await tokenOf(admin, b.namespace, "vault");
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } };
    const about = (spec: object) => ({ apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec });
    const tries: [string, string, object][] = [
      ["reviews B's token", "/apis/authentication.k8s.io/v1/tokenreviews", review],
      ["asks what B may", "/apis/authorization.k8s.io/v1/subjectaccessreviews", about({ user: "b" })],
      ...["vault", "default"].flatMap((account): [string, string, object][] =>
        [a.namespace, b.namespace].map((namespace) => [
          `makes a token of ${account} in ${namespace}`,
          `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
          { spec: { expirationSeconds: 86_400 } },
        ]),
      ),
    ];
    for (const [name, path, body] of tries) {
      const { status } = await client.call("POST", path, { body });
      count.tried(name, status === 403);
      expect([name, status]).toEqual([name, 403]);
    }
  });

  it("a token for somebody else, or one that was changed, is no token here", async () => {
    const forOthers = await tokenOf(admin, a.namespace, "vault", "https://storage.example.org");
    const [head = "", claims = "", signature = ""] = (await tokenOf(admin, a.namespace, "vault")).split(".");
    const decoded = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as Record<string, unknown>;
    const other = { ...decoded, sub: `system:serviceaccount:${b.namespace}:vault` };
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const tokens: Record<string, string> = {
      "for another audience": forOthers,
      "with B's name": [head, encode(other), signature].join("."),
      "without a signature": [encode({ alg: "none", typ: "JWT" }), encode(other), ""].join("."),
      "signed by its own text": [encode({ alg: "HS256", typ: "JWT" }), encode(other), signature].join("."),
    };
    for (const [name, token] of Object.entries(tokens)) {
      const { status } = await (await as(token)).call("GET", "/version");
      count.tried(`a token ${name}`, status === 401);
      expect([name, status]).toEqual([name, 401]);
    }
  });
});

describe("K1: a vault's namespace", () => {
  it("has no token lying about, and mounts none", async () => {
    for (const { namespace } of [a, b]) {
      const { body: secrets } = await admin.call("GET", `/api/v1/namespaces/${namespace}/secrets`);
      const types = (secrets as { items: { type: string }[] }).items.map(({ type }) => type);
      expect(types).toEqual(["Opaque"]);
      const { body: account } = await admin.call("GET", `/api/v1/namespaces/${namespace}/serviceaccounts/vault`);
      expect(account).toMatchObject({ automountServiceAccountToken: false });
      const { body: deployment } = await admin.call("GET", `/apis/apps/v1/namespaces/${namespace}/deployments/vault`);
      expect(deployment).toMatchObject({ spec: { template: { spec: { automountServiceAccountToken: false } } } });
    }
  });

  it("has no role and no binding: nobody was given anything in it", async () => {
    for (const { namespace } of [a, b]) {
      for (const plural of ["roles", "rolebindings"]) {
        const { body } = await admin.call(
          "GET",
          `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${plural}`,
        );
        expect((body as { items: object[] }).items).toEqual([]);
      }
    }
  });
});

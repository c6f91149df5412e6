/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment -- objects of the API are looked at as they come */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { eventually } from "../harness/eventually.ts";
import { connectApiServer, type Answer, type ApiServer } from "./api-server.ts";
import { collection, goodObjects, type Draft } from "./good-objects.ts";
import { installCrds } from "./install-crds.ts";
import { home, installAccounts } from "./render-chart.ts";

const operator = `system:serviceaccount:${home}:polyphony-operator`;
const vault = "vault-0b0e2a5e6c1d";
const foreign = "vault-aaaaaaaaaaaa";
const vaultLabels = { "polyphony.dev/vault": "true", "pod-security.kubernetes.io/enforce": "restricted" };
const tenants = collection("Tenant");
const slugs = `/api/v1/namespaces/${home}/configmaps/polyphony-reserved-slugs`;

let api: ApiServer;
beforeAll(async () => {
  api = await connectApiServer();
  await installCrds(api);
  await installAccounts(api);
  await namespace(vault, { ...vaultLabels, "polyphony.dev/vault-id": "x" });
  await namespace(foreign, {});
  await namespace("shop", vaultLabels);
});
afterAll(async () => {
  for (const name of [vault, foreign, "shop", "vault-0123456789ab"])
    await api.call("DELETE", `/api/v1/namespaces/${name}`);
  for (const name of ["kept", "kept-too"]) {
    await api.call("PATCH", `${tenants}/${name}`, { body: { spec: { protected: false } }, contentType: merge });
    await api.call("DELETE", `${tenants}/${name}`);
  }
  api.close();
});

const merge = "application/merge-patch+json";

async function namespace(name: string, labels: Record<string, string>): Promise<void> {
  await api.apply(`/api/v1/namespaces/${name}`, { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
}

const aTenant = (name: string, spec: object = {}): Draft => {
  const tenant = goodObjects.Tenant();
  tenant.metadata.name = name;
  Object.assign(tenant.spec, spec);
  return tenant;
};
const tryTenant = (name: string) => api.call("POST", `${tenants}?dryRun=All`, { body: aTenant(name) });

function secretAs(as: string | undefined, at: string): Promise<Answer> {
  const body = { apiVersion: "v1", kind: "Secret", metadata: { name: "trial" } };
  return api.call("POST", `/api/v1/namespaces/${at}/secrets?dryRun=All`, { body, as });
}

describe("reserved slugs", () => {
  const reserved = [
    ...["kube-system", "kube-public", "default", "www", "api", "admin", "console", "app", "mail", "postgres", "public"],
    ...["status", "docs", "null", "yes", "polyphony-system", "localhost", "wpad"],
  ];
  it.each(reserved)("N1: refuses %s, says why and suggests another", async (slug) => {
    const answer = await tryTenant(slug);
    expect(answer.status).toBe(403);
    expect(answer.message).toContain(`the slug "${slug}" is reserved: `);
    expect(answer.message).toContain(`Take another, for example ${slug}-choir`);
  });

  it("refuses every name that begins with kube-", async () => {
    const answer = await tryTenant("kube-orchestra");
    expect(answer.message).toContain("Take another, for example orchestra");
  });

  it("takes the slug that it suggests", async () => {
    expect(await tryTenant("www-choir")).toMatchObject({ status: 201 });
  });

  it("holds for platform staff and for the operator's account alike", async () => {
    const answer = await api.call("POST", `${tenants}?dryRun=All`, {
      body: aTenant("www"),
      as: "root",
      groups: ["system:masters"],
    });
    expect(answer.status).toBe(403);
  });

  it("fails closed without its list, and lets the operator write status meanwhile", async () => {
    const list = (await api.call("GET", slugs)).body;
    const made = await api.call("POST", tenants, { body: aTenant("status-goes-on") });
    expect(made.status).toBe(201);
    await api.call("DELETE", slugs);
    try {
      const isClosed = async () => (await tryTenant("free-name")).message.includes("no params found");
      await eventually("the policy misses its list", isClosed, { strict: true });
      const status = await api.call("PATCH", `${tenants}/status-goes-on/status`, {
        body: { status: { phase: "Pending" } },
        contentType: merge,
        as: operator,
      });
      expect(status).toMatchObject({ status: 200, body: { status: { phase: "Pending" } } });
      const annotated = await api.call("PATCH", `${tenants}/status-goes-on`, {
        body: { metadata: { annotations: { "polyphony.dev/vault-id": "x" }, finalizers: [] } },
        contentType: merge,
        as: operator,
      });
      expect(annotated.status).toBe(200);
    } finally {
      const { apiVersion, kind, data, metadata } = list;
      await api.apply(slugs, { apiVersion, kind, data, metadata: { name: metadata.name, labels: metadata.labels } });
      await api.call("DELETE", `${tenants}/status-goes-on`);
    }
    const isOpen = async () => (await tryTenant("free-name")).status === 201;
    await eventually("the policy has its list", isOpen, { strict: true });
  });
});

describe("K4: protected Tenants", () => {
  it("are not deleted, one by one or all at once, until the protection is lifted", async () => {
    for (const name of ["kept", "kept-too"]) {
      const made = await api.call("POST", tenants, { body: aTenant(name, { protected: true }) });
      expect(made.message).toBe("");
    }
    const one = await api.call("DELETE", `${tenants}/kept`, { as: "root", groups: ["system:masters"] });
    expect(one.status).toBe(403);
    expect(one.message).toContain('Tenant "kept" is protected from deletion');
    expect(one.message).toContain(`kubectl patch tenant kept --type=merge -p '{"spec":{"protected":false}}'`);

    const all = await api.call("DELETE", tenants);
    expect(all.status).toBe(403);
    expect((await api.call("GET", `${tenants}/kept-too`)).status).toBe(200);

    await api.call("PATCH", `${tenants}/kept`, { body: { spec: { protected: false } }, contentType: merge });
    expect((await api.call("DELETE", `${tenants}/kept`)).status).toBe(200);
  });

  it("leaves Tenants without protection alone", async () => {
    await api.call("POST", tenants, { body: aTenant("not-kept") });
    expect((await api.call("DELETE", `${tenants}/not-kept`)).status).toBe(200);
  });
});

describe("the fence around the operator's own writes", () => {
  it.each(["kube-system", "default", home, "shop", foreign])("K2: no Secret in %s", async (at) => {
    const answer = await secretAs(operator, at);
    expect(answer.status).toBe(403);
    expect(answer.message).toContain(`the operator may not create secrets in the namespace "${at}"`);
  });

  it.each([vault, "polyphony-migrations"])("a Secret in %s", async (at) => {
    expect(await secretAs(operator, at)).toMatchObject({ status: 201 });
  });

  it("binds the operator's account only", async () => {
    expect(await secretAs(undefined, "kube-system")).toMatchObject({ status: 201 });
  });

  const objects: { what: string; path: string; body: object; allowed: boolean }[] = [
    {
      what: "a Deployment in kube-system",
      path: "/apis/apps/v1/namespaces/kube-system/deployments",
      body: aDeployment(),
      allowed: false,
    },
    {
      what: "a Deployment in a vault",
      path: `/apis/apps/v1/namespaces/${vault}/deployments`,
      body: aDeployment(),
      allowed: true,
    },
    {
      what: "a Service in its own namespace",
      path: `/api/v1/namespaces/${home}/services`,
      body: { apiVersion: "v1", kind: "Service", metadata: { name: "trial" }, spec: { ports: [{ port: 80 }] } },
      allowed: false,
    },
    {
      what: "a NetworkPolicy for migrations",
      path: "/apis/networking.k8s.io/v1/namespaces/polyphony-migrations/networkpolicies",
      body: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "trial" },
        spec: { podSelector: {} },
      },
      allowed: true,
    },
    {
      what: "a Deployment for migrations",
      path: "/apis/apps/v1/namespaces/polyphony-migrations/deployments",
      body: aDeployment(),
      allowed: false,
    },
    {
      what: "its Lease",
      path: `/apis/coordination.k8s.io/v1/namespaces/${home}/leases`,
      body: { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "trial" }, spec: {} },
      allowed: true,
    },
    {
      what: "the book of deletions",
      path: `/api/v1/namespaces/${home}/configmaps`,
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "polyphony-deletions" } },
      allowed: true,
    },
    {
      what: "another ConfigMap in its own namespace",
      path: `/api/v1/namespaces/${home}/configmaps`,
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "polyphony-reserved-slugs" } },
      allowed: false,
    },
    {
      what: "an Event about a Tenant",
      path: "/apis/events.k8s.io/v1/namespaces/default/events",
      body: anEvent(),
      allowed: true,
    },
  ];
  it.each(objects)("$what: $allowed", async ({ path, body, allowed }) => {
    const answer = await api.call("POST", `${path}?dryRun=All`, { body, as: operator });
    if (!allowed) expect(answer.message).toContain("the operator may not create");
    expect(answer.status).toBe(allowed ? 201 : 403);
  });

  it("fault 36: makes a Tenant only that comes back with its vault", async () => {
    const made = (annotations: Record<string, string>) =>
      api.call("POST", `${tenants}?dryRun=All`, {
        body: { ...aTenant("back"), metadata: { name: "back", annotations } },
        as: operator,
      });
    expect((await made({})).message).toContain("the operator makes no Tenants of its own");
    expect(await made({ "polyphony.dev/vault-id": "0b0e2a5e-6c1d-4b38-9a51-0d6a0f2f4e11" })).toMatchObject({
      status: 201,
    });
  });

  const asNamespace = (name: string, labels: Record<string, string>) =>
    api.call("POST", "/api/v1/namespaces?dryRun=All", {
      body: { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
      as: operator,
    });

  it("makes namespaces of vaults only", async () => {
    expect(await asNamespace("vault-0123456789ab", vaultLabels)).toMatchObject({ status: 201 });
    expect((await asNamespace("shop-2", vaultLabels)).message).toContain("it keeps only namespaces named vault-");
    expect((await asNamespace("vault-mine", vaultLabels)).status).toBe(403);
    const unlabelled = await asNamespace("vault-0123456789ab", { "pod-security.kubernetes.io/enforce": "restricted" });
    expect(unlabelled.message).toContain("polyphony.dev/vault=true");
    const open = await asNamespace("vault-0123456789ab", {
      ...vaultLabels,
      "pod-security.kubernetes.io/enforce": "baseline",
    });
    expect(open.message).toContain("pod-security.kubernetes.io/enforce=restricted");
  });

  it("never takes over a namespace that is not a vault's, nor loosens one that is", async () => {
    const patch = (name: string, labels: Record<string, string | null>) =>
      api.call("PATCH", `/api/v1/namespaces/${name}?dryRun=All`, {
        body: { metadata: { labels } },
        contentType: merge,
        as: operator,
      });
    expect((await patch(foreign, vaultLabels)).message).toContain(`the namespace "${foreign}" is not the operator's`);
    expect((await patch("kube-system", vaultLabels)).status).toBe(403);
    expect((await patch(vault, { "pod-security.kubernetes.io/enforce": "privileged" })).status).toBe(403);
    expect((await patch(vault, { "polyphony.dev/tenant": "alto" })).status).toBe(200);
  });

  it("K3: puts back the label that somebody took off a vault's namespace", async () => {
    await api.call("PATCH", `/api/v1/namespaces/${vault}`, {
      body: { metadata: { labels: { "polyphony.dev/vault": null } } },
      contentType: merge,
    });
    const again = await api.call("PATCH", `/api/v1/namespaces/${vault}`, {
      body: { metadata: { labels: vaultLabels } },
      contentType: merge,
      as: operator,
    });
    expect(again.status).toBe(200);
  });

  it("K3: puts back every label of a namespace that it made itself, though all were taken off", async () => {
    const own = "vault-0123456789ff";
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: own, labels: vaultLabels } };
    const path = `/api/v1/namespaces/${own}`;
    await api.call("POST", "/api/v1/namespaces?fieldManager=polyphony-operator", { body, as: operator });
    const labels = { "polyphony.dev/vault": null, "polyphony.dev/vault-id": null };
    await api.call("PATCH", path, { body: { metadata: { labels } }, contentType: merge });
    const again = await api.call("PATCH", `${path}?fieldManager=polyphony-operator&force=true`, {
      body,
      contentType: "application/apply-patch+yaml",
      as: operator,
    });
    await api.call("DELETE", path);
    expect([again.status, again.message]).toEqual([200, ""]);
  });

  it.each(["kube-system", "default", home, "polyphony-migrations", "shop", foreign])(
    "never deletes the namespace %s",
    async (name) => {
      const answer = await api.call("DELETE", `/api/v1/namespaces/${name}?dryRun=All`, { as: operator });
      expect(answer.status).toBe(403);
    },
  );

  it("deletes the namespace of a vault", async () => {
    const answer = await api.call("DELETE", `/api/v1/namespaces/${vault}?dryRun=All`, { as: operator });
    expect(answer.status).toBe(200);
  });
});

function aDeployment() {
  const labels = { app: "trial" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "trial", image: "trial" }] } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "trial" },
    spec: { selector: { matchLabels: labels }, template },
  };
}

function anEvent() {
  return {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "trial" },
    eventTime: "2026-01-01T00:00:00.000000Z",
    type: "Normal",
    reason: "Trial",
    action: "Try",
    reportingController: "polyphony-operator",
    reportingInstance: "polyphony-operator-0",
    regarding: { apiVersion: "polyphony.dev/v1alpha1", kind: "Tenant", name: "alto" },
  };
}

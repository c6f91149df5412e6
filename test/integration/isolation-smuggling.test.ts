/* eslint-disable @typescript-eslint/no-unsafe-assignment -- objects of the API are looked at as they come */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import type { Tenant } from "../../crds/index.ts";
import { desiredChildren } from "../../operator/tenant/desired.ts";
import { namespaceOf } from "../../operator/tenant/names.ts";
import { aDesiredVault } from "../builders/a-desired-vault.ts";
import { countAttempts } from "../isolation/attempts.ts";
import { connectApiServer, type ApiServer } from "./api-server.ts";
import { collection, goodObjects, type Draft } from "./good-objects.ts";
import { installCrds } from "./install-crds.ts";
import { pathOf, type Rendered } from "./render-chart.ts";

const count = countAttempts(
  "K3",
  "things smuggled through a Tenant: kinds, namespaces, owners, YAML, prototypes, templates",
);

let api: ApiServer;
beforeAll(async () => {
  api = await connectApiServer();
  await installCrds(api);
});
afterAll(() => {
  api.close();
  count.finish();
});

const vaultId = "aaaaaaaa-0000-4000-8000-00000000000a";
const otherId = "bbbbbbbb-0000-4000-8000-00000000000b";

const post = (text: string, validation = "Ignore") =>
  api.send("POST", `${collection("Tenant")}?dryRun=All&fieldValidation=${validation}`, text, "application/yaml");

const tenantWith = (spec: object, metadata: object = {}): Draft => {
  const tenant = goodObjects.Tenant();
  Object.assign(tenant.spec, spec);
  Object.assign(tenant.metadata, metadata);
  return tenant;
};

/** Every object that the operator would make of a Tenant as the API server has taken it. */
const childrenOf = (tenant: Tenant): Rendered[] => {
  const vault = aDesiredVault({
    vaultId,
    slug: tenant.metadata.name,
    namespace: namespaceOf(vaultId),
    spec: tenant.spec,
  });
  return desiredChildren(vault)
    .flat()
    .map(({ object }) => object as Rendered);
};

const allowedKinds = [
  ...["Deployment", "LimitRange", "Namespace", "NetworkPolicy", "PodDisruptionBudget", "ResourceQuota", "Secret"],
  ...["Service", "ServiceAccount"],
];

/** What is wrong with the objects made for a vault: a kind, place or owner that is not the vault's. */
const strays = (objects: Rendered[]): string[] => {
  const namespace = namespaceOf(vaultId);
  return objects.flatMap((object) => {
    const { kind, metadata } = object;
    const home = kind === "Namespace" ? metadata.name : metadata.namespace;
    return [
      ...(allowedKinds.includes(kind) ? [] : [`${kind} is no kind of a vault`]),
      ...(home === namespace ? [] : [`${kind} in ${String(home)}`]),
      ...("ownerReferences" in metadata ? [`${kind} has an owner`] : []),
      ...(metadata.labels?.["polyphony.dev/vault-id"] === vaultId ? [] : [`${kind} carries another's id`]),
      ...(JSON.stringify(object).includes(otherId) ? [`${kind} names the other vault`] : []),
    ];
  });
};

describe("K3: a Tenant that brings more than a Tenant has", () => {
  const extras: [name: string, spec: object][] = [
    ["a pod template", { podTemplate: { spec: { hostNetwork: true, containers: [{ name: "x", image: "evil" }] } } }],
    ["a privileged security context", { securityContext: { privileged: true, runAsUser: 0 } }],
    ["environment variables", { env: [{ name: "DATABASE_URL", value: "postgres://b" }] }],
    ["volumes", { volumes: [{ name: "x", hostPath: { path: "/" } }] }],
    ["further objects", { resources: [{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding" }] }],
    ["a namespace", { namespace: "kube-system" }],
    ["a service account", { serviceAccountName: "polyphony-operator" }],
    ["an image", { image: "evil.example.org/x" }],
    ["a Secret of another", { secretRef: { name: "vault", namespace: namespaceOf(otherId) } }],
    ["a network policy", { networkPolicy: { ingress: [{}] } }],
    ["labels for its objects", { labels: { "polyphony.dev/vault-id": otherId } }],
    ["a database of another", { database: `vault_${otherId.replaceAll("-", "")}` }],
    ["a vault id", { vaultId: otherId }],
    ["a status", { status: { phase: "Active", vaultId: otherId } }],
    ["an owner with more fields", { owner: { email: "kari@example.org", name: "Kari", role: "superadmin" } }],
    ["an organization with more fields", { organization: { id: "org_alto", name: "A", admin: true } }],
  ];

  it.each(extras)("is refused by strict writers, and loses it with lax ones: %s", async (_name, spec) => {
    const tenant = tenantWith(spec);
    expect((await post(JSON.stringify(tenant), "Strict")).status).toBe(400);
    const lax = await post(JSON.stringify(tenant));
    expect(lax.status).toBe(201);
    const kept = JSON.stringify((lax.body as Tenant).spec);
    const smuggled = Object.keys(spec).filter(
      (key) => !(key in goodObjects.Tenant().spec) && kept.includes(`"${key}":`),
    );
    const wrong = strays(childrenOf(lax.body as Tenant));
    count.tried(`brings ${_name}`, smuggled.length === 0 && wrong.length === 0);
    expect([smuggled, wrong]).toEqual([[], []]);
    expect(kept).not.toMatch(/superadmin|"admin":/);
  });

  it("has no status that its writer chose", async () => {
    const tenant = { ...tenantWith({}), status: { phase: "Active", vaultId: otherId } };
    const { body } = await post(JSON.stringify(tenant));
    count.tried("brings a status", (body as Tenant).status === undefined);
    expect((body as Tenant).status).toBeUndefined();
  });

  const metadata: [name: string, more: object][] = [
    ["another namespace", { namespace: "kube-system" }],
    [
      "the other's Tenant as its owner",
      {
        ownerReferences: [
          { apiVersion: "polyphony.dev/v1alpha1", kind: "Tenant", name: "b", uid: otherId, controller: true },
        ],
      },
    ],
    ["a foreign finalizer", { finalizers: ["example.org/never"] }],
    [
      "labels of the operator",
      { labels: { "polyphony.dev/vault-id": otherId, "app.kubernetes.io/managed-by": "polyphony" } },
    ],
    [
      "annotations of kubectl",
      { annotations: { "kubectl.kubernetes.io/last-applied-configuration": `{"vaultId":"${otherId}"}` } },
    ],
    ["a name that Kubernetes generates", { generateName: "kube-system-" }],
    ["a uid of its choice", { uid: otherId }],
    ["a deletion", { deletionTimestamp: "2020-01-01T00:00:00Z", deletionGracePeriodSeconds: 0 }],
  ];

  it.each(metadata)("hands none of it down to its vault's objects: %s", async (name, more) => {
    const answer = await post(JSON.stringify(tenantWith({}, more)));
    const wrong = answer.status === 201 ? strays(childrenOf(answer.body as Tenant)) : [];
    if (answer.status === 201) {
      const { uid, deletionTimestamp, namespace } = (answer.body as { metadata: Record<string, unknown> }).metadata;
      if (uid === otherId || deletionTimestamp !== undefined || namespace !== undefined)
        wrong.push("the API server kept it");
    }
    count.tried(`brings ${name}`, wrong.length === 0);
    expect(wrong).toEqual([]);
  });
});

const good = stringify(goodObjects.Tenant());
/** The good Tenant with its organization's name written as this YAML. */
const named = (yaml: string): string => good.replace("name: Alto Ensemble", `name: ${yaml}`);
const bomb = `x: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, at) => `x${at}: &a${at + 1} [${`*a${at},`.repeat(9)}]\n`).join("")}`;

describe("K3: YAML that means more than it shows", () => {
  const texts: [name: string, text: string][] = [
    ["an anchor and an alias", good.replace("free", "&p free").replace("choir", "*p")],
    ["a merge key that brings a field", `base: &b {protected: true, databaseServer: other}\n${good}  <<: *b\n`],
    ["aliases that grow without end", `${bomb}${good}`],
    ["a tag of Python", named("!!python/object/apply:os.system ['id']")],
    ["a tag of JavaScript", named("!!js/function 'return 1'")],
    ["a binary tag", named("!!binary S29yCg==")],
    ["a second document with another kind", `${good}---\napiVersion: v1\nkind: Secret\nmetadata: {name: x}\n`],
    ["the same key twice", `${good}spec: {}\n`],
    ["a list for the object", `- ${good.replaceAll("\n", "\n  ")}`],
    ["a number for a name", named("1e3")],
    ["a truth for a name", named("yes")],
    ["nothing for a name", named("~")],
    ["a date for a name", named("2001-01-01")],
    ["a map for a name", named("{{ .Values.name }}")],
    ["another kind", good.replace("kind: Tenant", "kind: ClusterRoleBinding")],
    ["another group", good.replace("polyphony.dev/v1alpha1", "rbac.authorization.k8s.io/v1")],
    ["a version to come", good.replace("v1alpha1", "v9")],
    [
      "a List of other kinds",
      "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Secret, metadata: {name: x}}]\n",
    ],
    [
      "two megabytes of annotation",
      good.replace("metadata:\n", `metadata:\n  annotations: {x: "${"x".repeat(2_000_000)}"}\n`),
    ],
    ["a depth of 20,000", `${good}x: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`],
  ];

  it.each(texts)("is refused, or is a plain Tenant: %s", async (name, text) => {
    const { status, body } = await post(text);
    expect([201, 400, 413, 422]).toContain(status);
    const tenant = body as Tenant;
    const wrong = status === 201 ? strays(childrenOf(tenant)) : [];
    const plain = status !== 201 || `${tenant.kind} ${typeof tenant.spec.organization.name}` === "Tenant string";
    count.tried(`YAML with ${name}`, plain && wrong.length === 0);
    expect([plain, wrong]).toEqual([true, []]);
  });
});

describe("K3: keys that JavaScript takes for more than names", () => {
  const keys = ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "valueOf", "__defineGetter__"];
  const withKey = (key: string, tenant: Draft): string =>
    JSON.stringify(tenant).replaceAll('"KEY"', JSON.stringify(key));
  const shapes = (tenant: Tenant) => childrenOf(tenant).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

  it.each(keys)("%s as a limit changes nothing but itself", async (key) => {
    const plain = await post(JSON.stringify(tenantWith({})));
    const odd = await post(withKey(key, tenantWith({ limits: { KEY: 5 } })));
    expect(odd.status).toBe(201);
    const tenant = odd.body as Tenant;
    const same = shapes(tenant).join() === shapes(plain.body as Tenant).join();
    const limits = new Map(Object.entries({ ...aDesiredVault().plan.meterLimits, ...tenant.spec.limits }));
    const clean = Object.keys(Object.prototype).length === 0 && !("polluted" in {});
    count.tried(`the limit ${key}`, same && clean && limits.get(key) === 5);
    expect([same, clean, limits.get(key)]).toEqual([true, true, 5]);
  });

  it.each(["labels", "annotations", "spec.owner", "spec.release"])(
    "__proto__ in %s brings nothing along",
    async (where) => {
      const nested = { KEY: { polluted: true, "polyphony.dev/vault-id": otherId } };
      const tenant = where.startsWith("spec.")
        ? tenantWith({ [where.slice(5)]: { ...goodObjects.Tenant().spec, ...nested } })
        : tenantWith({}, { [where]: { KEY: otherId } });
      const { status, body } = await post(withKey("__proto__", tenant));
      const wrong = status === 201 ? strays(childrenOf(body as Tenant)) : [];
      count.tried(`__proto__ in ${where}`, wrong.length === 0 && !("polluted" in {}));
      expect([wrong, "polluted" in {}]).toEqual([[], false]);
    },
  );
});

describe("K3: what a vault's objects are", () => {
  it("the API server takes them as they are made, also of a Tenant full of odd text", async () => {
    const odd = "$(DATABASE_URL) {{ .x }} ' \" \\ <b> `id` ${x} %s ~";
    const tenant = tenantWith({
      organization: { id: "org_alto", name: odd },
      owner: { email: "o'--brien@example.org", name: odd },
    });
    const { status, body } = await post(JSON.stringify(tenant), "Strict");
    expect(status).toBe(201);
    const objects = childrenOf(body as Tenant);
    expect(strays(objects)).toEqual([]);
    const namespace = objects[0];
    if (!namespace) throw new Error("a vault has no namespace");
    await api.apply(pathOf(namespace), namespace);
    for (const object of objects) {
      const answer = await api.apply(`${pathOf(object)}?dryRun=All&fieldValidation=Strict`, object);
      expect([object.kind, answer.message]).toEqual([object.kind, ""]);
    }
    await api.call("DELETE", pathOf(namespace));
  });

  it("no name of theirs and no label but the slug comes from the Tenant", async () => {
    const odd = "odd-text-of-a-tenant";
    const { body } = await post(
      JSON.stringify(
        tenantWith({ organization: { id: odd, name: odd }, owner: { email: `${odd}@example.org`, name: odd } }),
      ),
    );
    for (const { kind, metadata } of childrenOf(body as Tenant)) {
      expect([kind, JSON.stringify(metadata)]).toEqual([kind, expect.not.stringContaining(odd)]);
    }
  });
});

import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { localHttp } from "../../demo/local-http.ts";
import { kinds } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/kube.ts";
import { vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import { adminUrl, runSql } from "./support/admin-database.ts";
import { openDemo, vaultUrl, type Demo } from "./support/demo-installation.ts";
import { eventually } from "../harness/eventually.ts";
import {
  conditionOf,
  createTenants,
  leftovers,
  randomSlug,
  tenantKind,
  tenantManifest,
  vaultIdOf,
  vaultNamespace,
  type Tenants,
} from "./support/tenants.ts";

jest.setTimeout(300_000);

const slug = randomSlug("tenant");
const name = "Kor «Æ & Ø» 100 % $(HOME)";
const manifest = tenantManifest(slug, { organization: { id: `org_${slug}`, name } });

let demo: Demo;
let tenants: Tenants;
let namespace: string;
let vaultId: string;

beforeAll(async () => {
  demo = await openDemo();
  tenants = createTenants(demo);
  await tenants.apply(manifest);
});

afterAll(async () => {
  await tenants.removeAll();
  demo.close();
});

const answers = async (at: string) => {
  const answer = await localHttp(vaultUrl(at)).catch(() => undefined);
  return answer?.status === 200 && answer;
};

/** kubectl's standard output; an exit code other than 0 fails the test with what it said. */
const kubectl = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await demo.kubectl(args);
  expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
  return stdout;
};

const ownKinds: Kind[] = [
  ...[kinds.resourceQuota, kinds.limitRange, kinds.networkPolicy, kinds.serviceAccount],
  ...[kinds.secret, kinds.service, kinds.deployment],
];

/** Versions of the Tenant, its namespace and everything in it that the operator keeps. */
const versions = async (): Promise<Record<string, string>> => {
  const labelSelector = `polyphony.dev/vault-id=${vaultId}`;
  // Objects of a list do not say their kind themselves.
  const owned = await Promise.all(
    ownKinds.map(async (kind) => {
      const found = await demo.kube.list<KubeObject>(kind, { namespace, labelSelector });
      return found.map((object) => ({ ...object, kind: kind.kind }));
    }),
  );
  const all = [
    await demo.kube.get<KubeObject>(tenantKind, { name: slug }),
    await demo.kube.get<KubeObject>(kinds.namespace, { name: namespace }),
    ...owned.flat(),
  ];
  return Object.fromEntries(
    all.map(({ kind, metadata }) => [`${kind ?? ""}/${metadata?.name ?? ""}`, metadata?.resourceVersion ?? ""]),
  );
};

describe("K1 a Tenant, applied by kubectl", () => {
  it("becomes Ready by `kubectl wait` and answers at its address with its organization's name", async () => {
    await kubectl("wait", "--for=condition=Ready", "--timeout=120s", `tenant/${slug}`);
    const tenant = await tenants.ready(slug);
    namespace = vaultNamespace(tenant);
    vaultId = vaultIdOf(tenant);
    expect(vaultId).toBe(tenant.metadata.uid);
    expect(tenant.status).toMatchObject({ phase: "Active", url: vaultUrl(slug) });
    expect(tenant.status?.progress).toBeUndefined();
    const answer = await eventually(`${slug} answers`, () => answers(slug));
    expect(answer.body).toContain("Kor «Æ &amp; Ø» 100 % $(HOME)");
  });

  it("shows plan, phase, readiness, release, address and age in `kubectl get tn`", async () => {
    const [head = "", row = ""] = (await kubectl("get", "tn", slug)).split("\n");
    expect(head.trim().split(/\s+/)).toEqual(["NAME", "PLAN", "PHASE", "READY", "RELEASE", "URL", "AGE"]);
    expect(row.trim().split(/\s+/)).toEqual([
      ...[slug, "free", "Active", "True"],
      expect.stringMatching(/^\d+\.\d+\.\d+/),
      ...[vaultUrl(slug), expect.stringMatching(/^\d+/)],
    ]);
    expect(await kubectl("get", "polyphony", "--output", "name")).toContain(`tenant.polyphony.dev/${slug}`);
  });

  it("has a namespace that enforces `restricted`, with quota, limits, three policies, account, Secret and Service", async () => {
    const own = await demo.kube.get(kinds.namespace, { name: namespace });
    expect(own.metadata?.labels).toMatchObject({
      "app.kubernetes.io/managed-by": "polyphony",
      "polyphony.dev/tenant": slug,
      "polyphony.dev/vault-id": vaultId,
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    expect(own.metadata?.ownerReferences).toBeUndefined();
    const found = Object.keys(await versions()).sort();
    expect(found).toEqual(
      [
        ...["Deployment/vault", "LimitRange/vault", `Namespace/${namespace}`, "NetworkPolicy/default-deny"],
        ...["NetworkPolicy/from-gateway", "NetworkPolicy/to-peers", "ResourceQuota/vault", "Secret/vault"],
        ...["Service/vault", "ServiceAccount/vault", `Tenant/${slug}`],
      ].sort(),
    );
    const account = await demo.kube.get(kinds.serviceAccount, { namespace, name: "vault" });
    expect(account.automountServiceAccountToken).toBe(false);
    const [pod] = await demo.kube.list(kinds.pod, { namespace });
    // Its settings, and no token.
    expect(pod?.spec?.volumes?.map(({ name, projected }) => [name, projected])).toEqual([["settings", undefined]]);
  });

  it("has a database of its own that only its two logins may enter", async () => {
    const database = vaultDatabaseName(vaultId);
    const rows = await runSql<{ login: string; enters: boolean; active: boolean }>(
      await adminUrl(demo),
      `SELECT rolname AS login, rolcanlogin AS active, has_database_privilege(rolname, $1, 'CONNECT') AS enters
         FROM pg_roles WHERE rolname ~ '^vault_' AND has_database_privilege(rolname, $1, 'CONNECT') ORDER BY 1`,
      [database],
    );
    expect(rows).toEqual([
      { login: vaultLoginName(vaultId, "a"), active: true, enters: true },
      { login: vaultLoginName(vaultId, "b"), active: false, enters: true },
    ]);
  });

  it("is told about by Events on changes only: Ready once", async () => {
    const events = await demo.kube.list(kinds.event, { namespace: "default" });
    const own = events.filter(({ regarding }) => regarding?.kind === "Tenant" && regarding.name === slug);
    const ready = own.filter(({ reason }) => reason === "Ready");
    expect(ready.map(({ type, series, deprecatedCount }) => [type, series?.count ?? deprecatedCount ?? 1])).toEqual([
      ["Normal", 1],
    ]);
    expect(own.filter(({ type }) => type === "Warning").map(({ note }) => note)).toEqual([]);
  });

  it("is not written to by a second apply, nor by time: nothing changes for 30 s", async () => {
    const before = await versions();
    expect(await kubectl("get", "tn", slug, "--output", "name")).toContain(slug);
    const { code, stdout } = await demo.kubectl(["apply", "-f", "-"], JSON.stringify(manifest));
    expect([code, stdout]).toEqual([0, expect.stringContaining("unchanged")]);
    await sleep(30_000);
    expect(await versions()).toEqual(before);
  });

  it("lets its operator look into it: `kubectl logs` and `kubectl exec` work", async () => {
    const log = await kubectl("-n", namespace, "logs", "deployment/vault");
    expect(log).not.toBe("");
    expect(log).not.toContain("postgres://");
    const said = await kubectl("-n", namespace, "exec", "deployment/vault", "--", "node", "-p", "process.env.VAULT_ID");
    expect(said.trim()).toBe(vaultId);
  });
});

describe("K2 a broken vault", () => {
  it("has its deleted Deployment back, and answers again, within a minute", async () => {
    const before = await demo.kube.get(kinds.deployment, { namespace, name: "vault" });
    const started = performance.now();
    await kubectl("-n", namespace, "delete", "deployment", "vault");
    await eventually("the Deployment is back", async () => {
      const now = await demo.kube.find(kinds.deployment, { namespace, name: "vault" });
      return now !== undefined && now.metadata?.uid !== before.metadata?.uid;
    });
    await eventually(`${slug} answers`, () => answers(slug));
    expect(performance.now() - started).toBeLessThan(60_000);
    await tenants.ready(slug);
  });

  it("has hand edits of policy, quota and labels put right, and a deleted Secret back identical", async () => {
    const secret = await demo.kube.get(kinds.secret, { namespace, name: "vault" });
    await kubectl("-n", namespace, "delete", "networkpolicy/default-deny", "resourcequota/vault", "secret/vault");
    await kubectl("label", "namespace", namespace, "--overwrite", "pod-security.kubernetes.io/enforce=privileged");
    await eventually("everything is put right", async () => {
      const own = await demo.kube.get(kinds.namespace, { name: namespace });
      const level = own.metadata?.labels?.["pod-security.kubernetes.io/enforce"];
      return level === "restricted" && Object.keys(await versions()).length === 11;
    });
    const again = await demo.kube.get(kinds.secret, { namespace, name: "vault" });
    expect(again.metadata?.uid).not.toBe(secret.metadata?.uid);
    expect(again.data).toEqual(secret.data);
  });
});

describe("K1 a Tenant that cannot be", () => {
  it("is refused with another name to take when its slug is kube-system", async () => {
    const { code, stderr } = await demo.kubectl(["apply", "-f", "-"], JSON.stringify(tenantManifest("kube-system")));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/the slug "kube-system" is reserved: .*Take another, for example \S+/);
    expect(await demo.kube.find(tenantKind, { name: "kube-system" })).toBeUndefined();
  });

  it("says in a condition which plans and templates there are, and recovers when it is put right", async () => {
    const odd = randomSlug("odd");
    const lost = randomSlug("lost");
    await tenants.apply(tenantManifest(odd, { plan: "platinum" }), tenantManifest(lost, { template: "brass-band" }));
    const reason = (tenant: Parameters<typeof conditionOf>[0]) => conditionOf(tenant, "Ready")?.reason;
    const plan = await tenants.until(odd, "says why", (tenant) => reason(tenant) === "PlanUnknown");
    expect(plan.status?.phase).toBe("Failed");
    expect(conditionOf(plan, "Ready")?.message).toMatch(/no plan "platinum"\. Its plans: .*free.*umbrella/);
    const template = await tenants.until(lost, "says why", (tenant) => reason(tenant) === "TemplateMissing");
    expect(conditionOf(template, "Accepted")).toMatchObject({
      status: "False",
      message: expect.stringContaining(`no VaultTemplate "brass-band"`) as unknown,
    });
    await kubectl("patch", "tn", odd, "--type=merge", "--patch", '{"spec":{"plan":"free"}}');
    expect((await tenants.ready(odd)).status?.phase).toBe("Active");
    await tenants.remove(odd, lost);
  });

  it("names its release, which says that its image cannot be pulled", async () => {
    const bad = randomSlug("bad");
    const digest = `sha256:${"e".repeat(56)}${bad.slice(-6)}00`;
    const version = `0.0.1-missing.${bad.slice(-6)}`;
    const release = {
      apiVersion: "polyphony.dev/v1alpha1",
      kind: "VaultRelease",
      metadata: { name: `choir-${version}` },
      spec: { template: "choir", version, image: { digest }, schemaVersion: 1 },
    };
    const made = await demo.kubectl(["apply", "-f", "-"], JSON.stringify(release));
    expect([made.code, made.stderr]).toEqual([0, ""]);
    try {
      await tenants.apply(tenantManifest(bad, { release: { channel: "stable", pin: version } }));
      const told = await eventually("the release says why", async () => {
        const found = await demo.kube.get(kinds.vaultRelease, { name: release.metadata.name });
        const text = JSON.stringify(found.status ?? {});
        return text.includes("image cannot be pulled") && text;
      });
      expect(told).toContain("check the digest and the registry");
      const waiting = await tenants.get(bad);
      expect(conditionOf(waiting, "Ready")).toMatchObject({
        status: "False",
        message: expect.stringContaining(release.metadata.name) as unknown,
      });
      await tenants.remove(bad);
    } finally {
      await kubectl("delete", "vaultrelease", release.metadata.name, "--ignore-not-found", "--timeout=60s");
    }
  });
});

describe("K1 a Tenant that is deleted with retention 0s", () => {
  it("leaves no namespace, no database and no role", async () => {
    await kubectl("delete", "tenant", slug, "--timeout=120s");
    expect(await leftovers(demo, [vaultId])).toEqual([]);
    const retained = await demo.kube.list(kinds.retainedVault);
    expect(retained.filter(({ spec }) => spec?.["slug"] === slug)).toEqual([]);
    const gone = await localHttp(vaultUrl(slug));
    expect(gone.status).toBe(404);
  });
});

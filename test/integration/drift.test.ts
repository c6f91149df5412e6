import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { kinds } from "../../kube/kinds.ts";
import type { Kind, KubeObject, MergePatch } from "../../kube/kube.ts";
import { vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import { childKinds, type ChildKind } from "../../operator/tenant/children/children.ts";
import { fingerprint } from "../../operator/tenant/children/fingerprint.ts";
import { tenantKind } from "../../operator/tenant/gather.ts";
import { annotations, namespaceOf } from "../../operator/tenant/names.ts";
import { run, urlAt } from "../contract/real-postgres.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";
import { connectApiServer, type ApiServer } from "./api-server.ts";
import { installCrds } from "./install-crds.ts";
import { type OperatorInProcess, startOperator } from "./operator-in-process.ts";
import { startStandInKubelet } from "./stand-in-kubelet.ts";

const byHand = { fieldManager: "kubectl-edit" };

let api: ApiServer;
let operator: OperatorInProcess;
let kubelet: { stop(): Promise<void> };
/** Vault ids by slug. */
const vaults = new Map<string, string>();
const stranger = `stranger_${process.pid}`;

const namespaceFor = (slug: string): string => namespaceOf(vaults.get(slug) ?? "");

const makeTenant = async (slug: string): Promise<void> => {
  const made = await operator.kube.create(tenantKind, operator.tenant(slug) as Tenant);
  vaults.set(slug, made.metadata.uid);
  await eventually(`${slug} is Ready`, async () => {
    const { status } = await operator.kube.get(tenantKind, { name: slug });
    return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
  });
};

const removeTenant = async (slug: string): Promise<void> => {
  // So many at once make the operator ask first.
  const metadata = { annotations: { [annotations.deletion]: "approved" } };
  await operator.kube.patch(tenantKind, { name: slug }, { metadata });
  await operator.kube.delete(tenantKind, { name: slug });
  await eventually(`${slug} is gone`, async () => !(await operator.kube.find(tenantKind, { name: slug })), {
    withinMs: 180_000,
  });
};

/** What people were told about one tenant. */
const told = async (slug: string, reason = "DriftCorrected"): Promise<string[]> => {
  const events = await operator.kube.list(kinds.event, { namespace: "default" });
  return events
    .filter(({ regarding, reason: why }) => regarding?.name === slug && why === reason)
    .map(({ note }) => note ?? "");
};

/** The Events of this reason that came with `work`. */
const toldBy = async (slug: string, work: () => Promise<void>): Promise<string[]> => {
  const before = await told(slug);
  await work();
  // They are written without being waited for.
  await eventually("an Event", async () => (await told(slug)).length > before.length);
  await sleep(300);
  return (await told(slug)).filter((note) => !before.includes(note));
};

const refTo = (kind: ChildKind, slug: string, name = "vault") =>
  kind === "Namespace" ? { name: namespaceFor(slug) } : { name, namespace: namespaceFor(slug) };

const typeOf = (kind: ChildKind): Kind => childKinds[kind];

const live = (kind: ChildKind, slug: string, name?: string): Promise<KubeObject> =>
  operator.kube.get<KubeObject>(typeOf(kind), refTo(kind, slug, name));

beforeAll(async () => {
  api = await connectApiServer();
  await installCrds(api);
  operator = await startOperator();
  await run(started.adminUrl(), `CREATE ROLE ${stranger} LOGIN PASSWORD 'x'`);
  kubelet = await startStandInKubelet(api, operator.kube, () => [...vaults.keys()].map(namespaceFor));
});

afterAll(async () => {
  await kubelet.stop();
  await operator.stop();
  await run(started.adminUrl(), `DROP ROLE ${stranger}`);
  api.close();
});

describe("K3, fault 32: Kubernetes objects of a vault", () => {
  // No object has many Events in a short time, so each kind of hand has a tenant of its own.
  const slugs = ["edits", "deletes", "labels", "marks", "rest"].map((name) => `drift-${name}-${process.pid}`);
  let slug = slugs[0] ?? "";
  const on = (name: string): void => void (slug = `drift-${name}-${process.pid}`);
  beforeAll(async () => {
    await Promise.all(slugs.map(makeTenant));
  });
  afterAll(async () => {
    await Promise.all(slugs.map(removeTenant));
  });

  const edits: Record<Exclude<ChildKind, "Namespace">, [name: string, patch: MergePatch, field: string]> = {
    ResourceQuota: ["vault", { spec: { hard: { pods: "100" } } }, "spec.hard.pods"],
    LimitRange: ["vault", { spec: { limits: [{ type: "Container", default: { cpu: "4" } }] } }, "spec.limits"],
    NetworkPolicy: ["default-deny", { spec: { ingress: [{}] } }, "spec.ingress"],
    ServiceAccount: ["vault", { automountServiceAccountToken: true }, "automountServiceAccountToken"],
    Secret: ["vault", { data: { SIGNING_KEY: "ZXZpbA==" } }, "data.SIGNING_KEY"],
    Service: ["vault", { spec: { ports: [{ name: "http", port: 1, protocol: "TCP" }] } }, "spec.ports"],
    PodDisruptionBudget: ["vault", { spec: { maxUnavailable: 2 } }, "spec.maxUnavailable"],
    Deployment: ["vault", { spec: { replicas: 0 } }, "spec.replicas"],
  };
  const namespaced = Object.keys(edits) as (keyof typeof edits)[];
  const nameOf = (kind: ChildKind): string => (kind === "Namespace" ? namespaceFor(slug) : edits[kind][0]);

  /** Something is done to an object; it must be as before within a minute, and said once. */
  const comesBack = async (kind: ChildKind, hand: (before: KubeObject) => Promise<unknown>): Promise<string> => {
    const before = await live(kind, slug, nameOf(kind));
    const notes = await toldBy(slug, async () => {
      await hand(before);
      await eventually(`${kind} is as before`, async () => {
        const now = await live(kind, slug, nameOf(kind));
        const newer = now.metadata?.resourceVersion !== before.metadata?.resourceVersion;
        return newer && fingerprint(kind, now) === fingerprint(kind, before);
      });
    });
    expect(notes).toHaveLength(1);
    return notes[0] ?? "";
  };
  const patch = (kind: ChildKind, body: MergePatch) =>
    operator.kube.patch(typeOf(kind), refTo(kind, slug, nameOf(kind)), body, byHand);

  it.each(namespaced)("%s: an edit is undone, and the Event names the field and who wrote it", async (kind) => {
    on("edits");
    const [name, body, field] = edits[kind];
    const note = await comesBack(kind, () => patch(kind, body));
    expect(note).toContain(`${kind} ${name}: ${field}`);
    expect(note).toMatch(/ changed by kubectl-edit; put back\.$/);
    expect(note).not.toContain("ZXZpbA");
  });

  it.each(namespaced)("%s: deleted, it is made again", async (kind) => {
    on("deletes");
    const note = await comesBack(kind, ({ metadata }) =>
      operator.kube.delete(typeOf(kind), refTo(kind, slug, nameOf(kind)), { uid: metadata?.uid }),
    );
    expect(note).toBe(`${kind} ${nameOf(kind)}: was deleted; made again.`);
  });

  const withNamespace: ChildKind[] = ["Namespace", ...namespaced];
  it.each(withNamespace)("%s: a label of ours that was taken away or changed comes back", async (kind) => {
    on("labels");
    const label = kind === "Service" ? "app.kubernetes.io/managed-by" : "polyphony.dev/vault-id";
    const value = kind === "Secret" ? "another" : null;
    expect(await comesBack(kind, () => patch(kind, { metadata: { labels: { [label]: value } } }))).toContain(
      `metadata.labels.${label}`,
    );
  });

  it.each(withNamespace)("%s: an annotation in our name goes, and so does an owner", async (kind) => {
    on("marks");
    // An owner that is there: garbage collection deletes what has none at once, and that is another test.
    const name = "kube-root-ca.crt";
    const { metadata: owner } = await operator.kube.get(kinds.configMap, { name, namespace: namespaceFor(slug) });
    const ownerReferences =
      kind === "Namespace" ? null : [{ apiVersion: "v1", kind: "ConfigMap", name, uid: owner?.uid ?? "" }];
    const note = await comesBack(kind, () =>
      patch(kind, { metadata: { annotations: { "polyphony.dev/config-hash": "evil" }, ownerReferences } }),
    );
    expect(note).toContain("metadata.annotations.polyphony.dev/config-hash");
  });

  it("pod security of the namespace cannot be lowered for long", async () => {
    on("rest");
    const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
    expect(await comesBack("Namespace", () => patch("Namespace", { metadata: { labels } }))).toContain("enforce");
  });

  it("leaves what others put there: labels, annotations, finalizers", async () => {
    const theirs = {
      labels: { "example.org/team": "a" },
      annotations: { "example.org/note": "b", "deployment.kubernetes.io/revision": "1" },
      finalizers: ["example.org/keep"],
    };
    await operator.kube.patch(kinds.serviceAccount, refTo("ServiceAccount", slug), { metadata: theirs }, byHand);
    await operator.kube.patch(
      kinds.serviceAccount,
      refTo("ServiceAccount", slug),
      { metadata: { annotations: { "polyphony.dev/x": "evil" } } },
      byHand,
    );
    const { metadata } = await eventually("it is put back", async () => {
      const now = await live("ServiceAccount", slug);
      return now.metadata?.annotations?.["polyphony.dev/x"] === undefined && now;
    });
    expect(metadata).toMatchObject(theirs);
    await operator.kube.patch(
      kinds.serviceAccount,
      refTo("ServiceAccount", slug),
      { metadata: { finalizers: null } },
      byHand,
    );
  });

  it("removes an object that a hand added with our labels, and no other", async () => {
    const { metadata: own } = await live("Service", slug);
    const add = (name: string, labels: Record<string, string>) =>
      operator.kube.create(
        kinds.networkPolicy,
        { metadata: { name, namespace: namespaceFor(slug), labels }, spec: { podSelector: {}, ingress: [{}] } },
        byHand,
      );
    const notes = await toldBy(slug, async () => {
      await add("theirs", {});
      await add("open", own?.labels ?? {});
      const ref = { name: "open", namespace: namespaceFor(slug) };
      await eventually("it is removed", async () => !(await operator.kube.find(kinds.networkPolicy, ref)));
    });
    expect(notes).toEqual(["NetworkPolicy open: was added by kubectl-edit; removed."]);
    expect(await live("NetworkPolicy", slug, "theirs")).toBeDefined();
  });

  it("makes a Secret again that was made immutable, with the same content", async () => {
    const { data } = await operator.kube.get(kinds.secret, refTo("Secret", slug));
    await patch("Secret", { immutable: true, data: { SIGNING_KEY: "ZXZpbA==" } });
    await eventually("it is as before", async () => {
      const now = await operator.kube.get(kinds.secret, refTo("Secret", slug));
      return now.immutable === undefined && JSON.stringify(now.data) === JSON.stringify(data);
    });
  });

  it("I6: writes nothing at all while it is in sync, looks over the server included", async () => {
    const versions = async () => {
      const objects = await Promise.all(withNamespace.map((kind) => live(kind, slug, nameOf(kind))));
      const tenant = await operator.kube.get(tenantKind, { name: slug });
      return [...objects, tenant].map(({ metadata }) => metadata?.resourceVersion);
    };
    await sleep(3_000);
    const before = await versions();
    await sleep(35_000);
    expect(await versions()).toEqual(before);
  });

  it("a namespace that is deleted comes back with all that was in it, and one Event says so", async () => {
    const { data } = await operator.kube.get(kinds.secret, refTo("Secret", slug));
    const { metadata } = await live("Namespace", slug);
    const notes = await toldBy(slug, async () => {
      await operator.kube.delete(kinds.namespace, { name: namespaceFor(slug) }, { uid: metadata?.uid });
      await eventually("the Deployment is there again", async () => {
        const now = await live("Namespace", slug);
        return now.metadata?.uid !== metadata?.uid && (await live("Deployment", slug));
      });
    });
    expect(notes).toEqual([`Namespace ${namespaceFor(slug)}: was deleted; made again.`]);
    expect((await operator.kube.get(kinds.secret, refTo("Secret", slug))).data).toEqual(data);
  });
});

describe("K3, fault 32: what a hand does on the database server", () => {
  type Hand = (names: { database: string; login: string; other: string; tenant: string }) => string;
  const hands: Record<string, [hand: Hand, said: RegExp]> = {
    "lets everybody in": [
      ({ database }) => `GRANT CONNECT ON DATABASE ${database} TO PUBLIC`,
      /PUBLIC was granted CONNECT/,
    ],
    "lets a stranger in": [({ database }) => `GRANT ALL ON DATABASE ${database} TO ${stranger}`, /was granted CONNECT/],
    "takes the login's right": [
      ({ database, login }) => `REVOKE CONNECT ON DATABASE ${database} FROM ${login}`,
      /CONNECT was taken from/,
    ],
    "closes the database": [
      ({ database }) => `ALTER DATABASE ${database} ALLOW_CONNECTIONS false`,
      /closed to connections/,
    ],
    "sets something for the database": [
      ({ database }) => `ALTER DATABASE ${database} SET search_path = evil`,
      /search_path was changed/,
    ],
    "gives the login more": [
      ({ login }) => `ALTER ROLE ${login} CREATEDB CREATEROLE`,
      /it was given CREATEDB and it was given CREATEROLE/,
    ],
    "puts the login into another group": [
      ({ login }) => `GRANT pg_read_all_data TO ${login}`,
      /a member of pg_read_all_data/,
    ],
    "takes the login out of its group": [({ login, tenant }) => `REVOKE ${tenant}_rw FROM ${login}`, /taken out of/],
    "hands the login to a stranger": [({ login }) => `GRANT ${login} TO ${stranger}`, /handed to/],
    "closes the login": [({ login }) => `ALTER ROLE ${login} NOLOGIN`, /it was closed/],
    "opens the idle login": [({ other }) => `ALTER ROLE ${other} LOGIN PASSWORD 'x'`, /it was opened/],
    "lifts the login's limit": [
      ({ login }) => `ALTER ROLE ${login} CONNECTION LIMIT -1`,
      /connection limit was changed/,
    ],
    "sets something for the login": [
      ({ login }) => `ALTER ROLE ${login} SET statement_timeout = 1`,
      /settings were bound to it/,
    ],
    "deletes the idle login": [
      ({ database, other }) => `REVOKE ALL ON DATABASE ${database} FROM ${other}; DROP ROLE ${other}`,
      /was deleted; made again/,
    ],
  };
  const cases = Object.keys(hands);
  const slugOf = (at: number): string => `drift-hand-${at}-${process.pid}`;

  beforeAll(async () => {
    await Promise.all(cases.map((_, at) => makeTenant(slugOf(at))));
  }, 240_000);
  afterAll(async () => {
    await Promise.all(cases.map((_, at) => removeTenant(slugOf(at))));
  }, 240_000);

  it("is found by the look over the whole server and undone within a minute, and one Event says what it was", async () => {
    await sleep(2_000);
    const group = operator.names.template.replaceAll("-", "_");
    for (const [at, name] of cases.entries()) {
      const vaultId = vaults.get(slugOf(at)) ?? "";
      const [login, other] = [vaultLoginName(vaultId, "a"), vaultLoginName(vaultId, "b")];
      const sql = hands[name]?.[0]({ database: vaultDatabaseName(vaultId), login, other, tenant: group }) ?? "";
      await run(urlAt(started.adminUrl(), "postgres"), sql);
    }
    const found = await Promise.all(
      cases.map((name, at) =>
        eventually(`whoever ${name} is undone`, async () => {
          const notes = await told(slugOf(at));
          return notes.length > 0 && notes;
        }).catch((error: unknown) => [String(error)]),
      ),
    );
    for (const [at, name] of cases.entries()) {
      expect({ name, notes: found[at]?.length }).toEqual({ name, notes: 1 });
      expect(`${name}: ${found[at]?.join() ?? ""}`).toMatch(hands[name]?.[1] ?? /never/);
    }
    const metrics = await operator.metrics.registry.getSingleMetricAsString("polyphony_drift_corrections_total");
    expect(metrics).toMatch(/kind="Database"\} \d/);
    expect(metrics).toMatch(/kind="DatabaseLogin"\} \d/);
  });
});

import { describe, expect, it } from "@jest/globals";
import type { Deployment, NetworkPolicy, Secret } from "../../kube/kinds.ts";
import { aDesiredVault as vault } from "../../test/builders/a-desired-vault.ts";
import { aTemplate, aTenant } from "../../test/builders/a-world.ts";
import type { Desired } from "./desired-vault.ts";
import { desiredChildren } from "./desired.ts";
import { fingerprint, quantityValue } from "./children/fingerprint.ts";

const all = (one: Desired) => desiredChildren(one).flat();
const ofKind = <T>(kind: string, one = vault()) =>
  all(one)
    .filter((child) => child.kind === kind)
    .map((child) => child.object as T);
const pod = (one = vault()) => ofKind<Deployment>("Deployment", one)[0]?.spec?.template.spec;
const env = (one = vault()) => new Map(pod(one)?.containers[0]?.env?.map(({ name, value }) => [name, value]));

describe("what one tenant gets (K1)", () => {
  it("puts policies, limits, account and secret before the first pod", () => {
    const stages = desiredChildren(vault()).map((stage) => stage.map((child) => child.kind));
    expect(stages[0]).toEqual(["Namespace"]);
    expect(stages[1]).toEqual(
      expect.arrayContaining(["ResourceQuota", "LimitRange", "NetworkPolicy", "ServiceAccount", "Secret", "Service"]),
    );
    expect(stages[2]).toEqual(["Deployment"]);
  });

  it("lets in only the gateway, and out only to DNS, mail and its own database server", () => {
    const policies = ofKind<NetworkPolicy>("NetworkPolicy");
    expect(policies.map((policy) => policy.metadata?.name)).toEqual(["default-deny", "from-gateway", "to-peers"]);
    expect(policies[0]?.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(policies[1]?.spec?.ingress).toHaveLength(1);
    expect(policies[2]?.spec?.egress?.map((rule) => rule.ports?.[0]?.port)).toEqual([53, 25, 5432]);
  });

  it("opens storage and registry only to vaults that need them", () => {
    const template = aTemplate({ spec: { needs: { bucket: true } } }).spec;
    const settings = { ...vault().settings, registryUrl: "https://api.example.org" };
    const policies = ofKind<NetworkPolicy>("NetworkPolicy", vault({ template, settings }));
    expect(policies[2]?.spec?.egress?.map((rule) => rule.ports?.[0]?.port)).toEqual([53, 25, 9000, 443, 5432]);
  });

  it("runs pods that the standard `restricted` allows, without a token of the Kubernetes API (K2)", () => {
    expect(pod()).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(pod()?.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("keeps secrets in the Secret: nothing else holds them (I9)", () => {
    const elsewhere = all(vault()).filter((child) => child.kind !== "Secret");
    expect(JSON.stringify(elsewhere)).not.toContain("canary");
    const data = ofKind<Secret>("Secret")[0]?.data ?? {};
    expect(Buffer.from(data.DATABASE_URL ?? "", "base64").toString()).toBe("postgres://canary-password@db/vault");
  });

  it("hands names over as they are, also one that Kubernetes would expand", () => {
    const spec = aTenant({ spec: { organization: { name: "$(SMTP_URL) & søn" } } }).spec;
    const data = ofKind<Secret>("Secret", vault({ spec }))[0]?.data ?? {};
    expect(Buffer.from(data.VAULT_NAME ?? "", "base64").toString()).toBe("$(SMTP_URL) & søn");
    const publicUrl = "http://$(SMTP_URL).example.org";
    expect(env(vault({ publicUrl })).get("PUBLIC_URL")).toBe("http://$$(SMTP_URL).example.org");
  });

  it("rolls the pods when a secret changes that they read at their start (D7)", () => {
    const hash = (one: Desired) => ofKind<Deployment>("Deployment", one)[0]?.spec?.template.metadata?.annotations;
    const secrets = { ...vault().secrets, acceptedSigningKeys: ["canary-key-2"] };
    expect(hash(vault())).toEqual(hash(vault()));
    expect(hash(vault({ secrets }))).not.toEqual(hash(vault()));
  });

  it.each<[string, Partial<Desired>]>([
    ["a name", { spec: aTenant({ spec: { organization: { name: "Renamed" } } }).spec }],
    ["an owner", { spec: aTenant({ spec: { owner: { email: "new@example.org" } } }).spec }],
    ["read-only and why", { spec: { ...aTenant().spec, access: "ReadOnly", accessReason: "Not paid." } }],
    ["custom hosts", { spec: { ...aTenant().spec, hosts: ["members.example.org"] } }],
    ["limits of meters", { spec: { ...aTenant().spec, limits: { members: 3 } } }],
    ["a plan's quota", { plan: { ...vault().plan, quota: { cpu: "4", memory: "2Gi", pods: 9 } } }],
    ["a plan's connections", { plan: { ...vault().plan, databaseConnections: 3 } }],
    ["a plan's number of pods", { plan: { ...vault().plan, replicas: 2 } }],
  ])("rolls nothing for %s (K5)", (_, changes) => {
    const template = (one: Desired) => ofKind<Deployment>("Deployment", one)[0]?.spec?.template;
    expect(template(vault(changes))).toEqual(template(vault()));
  });

  it("gives what may change while a vault runs as files of the Secret, and nothing else of it (K5)", () => {
    const [settings] = pod()?.volumes ?? [];
    expect(settings?.secret?.items?.map(({ key }) => key)).toEqual([
      "VAULT_NAME",
      "OWNER_EMAIL",
      "OWNER_NAME",
      "ACCESS",
      "ACCESS_REASON",
    ]);
    expect(pod()?.containers[0]?.volumeMounts).toEqual([{ name: "settings", mountPath: "/etc/vault", readOnly: true }]);
    expect(env().get("SETTINGS_DIR")).toBe("/etc/vault");
  });

  it("has a disruption budget only with two pods, and none running when suspended", () => {
    expect(ofKind("PodDisruptionBudget")).toHaveLength(0);
    const plan = { ...vault().plan, replicas: 2 };
    expect(ofKind("PodDisruptionBudget", vault({ plan }))).toHaveLength(1);
    const spec = aTenant({ spec: { activity: "Suspended" } }).spec;
    expect(ofKind<Deployment>("Deployment", vault({ spec }))[0]?.spec?.replicas).toBe(0);
  });
});

describe("the fingerprint of an object (K3)", () => {
  const deployment = () => structuredClone(ofKind<Deployment>("Deployment")[0]) as Deployment;

  it("is the same for what the API server fills in or others add beside us", () => {
    const stored = deployment();
    stored.metadata = { ...stored.metadata, uid: "u", annotations: { "deployment.kubernetes.io/revision": "1" } };
    if (stored.spec?.template.spec) stored.spec.template.spec.schedulerName = "default-scheduler";
    expect(fingerprint("Deployment", stored)).toBe(fingerprint("Deployment", deployment()));
  });

  it.each<[string, (object: Deployment) => void]>([
    ["scaled", (object) => Object.assign(object.spec ?? {}, { replicas: 7 })],
    [
      "given another image",
      (object) => Object.assign(object.spec?.template.spec?.containers[0] ?? {}, { image: "evil" }),
    ],
    ["stripped of our label", (object) => Object.assign(object.metadata ?? {}, { labels: {} })],
    [
      "given one more variable",
      (object) => object.spec?.template.spec?.containers[0]?.env?.push({ name: "X", value: "1" }),
    ],
  ])("differs when the object was %s by hand", (_, edit) => {
    const edited = deployment();
    edit(edited);
    expect(fingerprint("Deployment", edited)).not.toBe(fingerprint("Deployment", deployment()));
  });

  it.each([
    ["1024Mi", "1Gi"],
    ["0.5", "500m"],
    ["1", "1000m"],
  ])("reads %s as %s", (one, other) => {
    expect(quantityValue(one)).toBe(quantityValue(other));
  });
});

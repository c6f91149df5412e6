import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { parseConfig } from "../../operator/config.ts";
import { ensureTools } from "../../cluster/ensure-tools.ts";
import { silentProgress } from "../../cluster/machine/progress.ts";
import { tryCommand } from "../../cluster/machine/run-command.ts";
import { readConfig } from "../../gateway/config.ts";
import { connectApiServer, type ApiServer } from "./api-server.ts";
import { aDigest } from "./good-objects.ts";
import { installCrds } from "./install-crds.ts";
import { home, installAccounts, pathOf, renderChart, type Rendered } from "./render-chart.ts";

/** Any part of an object; `textAt` and `partAt` walk it. */
const partAt = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((part, key) => (part as Record<string | number, unknown> | undefined)?.[key], value);
const textAt = (value: unknown, ...path: (string | number)[]): string => {
  const part = partAt(value, ...path);
  if (typeof part !== "string") throw new Error(`no text at ${path.join(".")}`);
  return part;
};
const named = (objects: Rendered[], kind: string, name: string): Rendered => {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`the chart renders no ${kind} ${name}`);
  return found;
};
const digest = { template: { release: { digest: aDigest } } };
/** A name of its own, so that what another suite has left is in nobody's way. */
const ownRelease = { template: { name: "chart-trial", release: { digest: aDigest } } };
const severalReleases = {
  template: {
    ...ownRelease.template,
    releases: [{ version: "1.2.0", digest: `sha256:${"b".repeat(64)}`, schemaVersion: 3 }],
    channels: { next: "1.2.0" },
  },
};
const external = {
  externalDatabase: {
    existingSecret: "my-database",
    networkPeers: [{ ipBlock: { cidr: "10.0.0.7/32" }, ports: [{ port: 5432 }] }],
  },
};

/** The plain environment of a Deployment's container, with what comes from Secrets and fields filled in. */
const environment = (deployment: Rendered): Record<string, string> => {
  const list = partAt(deployment, "spec", "template", "spec", "containers", 0, "env") as {
    name: string;
    value?: string;
  }[];
  return Object.fromEntries(list.map(({ name, value }) => [name, value ?? ""]));
};

let api: ApiServer;
let folder: string;
beforeAll(async () => {
  api = await connectApiServer();
  await installCrds(api);
  // A pod is refused, dry run or not, while its account is not there.
  await installAccounts(api);
  folder = await mkdtemp(join(tmpdir(), "polyphony-chart-"));
  for (const name of [home, "polyphony-migrations"]) {
    await api.apply(`/api/v1/namespaces/${name}`, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
});
afterAll(async () => {
  api.close();
  await rm(folder, { recursive: true, force: true });
});

describe("the chart", () => {
  const settings: [name: string, values: object][] = [
    ["the defaults", {}],
    ["alert rules", { alerts: { enabled: true, labels: { team: "choirs" } } }],
    ["a release", ownRelease],
    ["several releases", severalReleases],
    ["a database of one's own", { ...ownRelease, ...external }],
    [
      "registry and queue of one's own, and a first admin",
      {
        ...ownRelease,
        registry: { existingSecret: "my-registry" },
        externalRedis: { existingSecret: "my-redis" },
        controlApi: { replicas: 1, firstAdmin: { email: "admin@example.org", name: "Anna Admin" } },
        controlWorker: { replicas: 2 },
      },
    ],
    ["no console", { controlApi: { enabled: false } }],
    [
      "everything small",
      {
        operator: { replicas: 1 },
        gateway: { replicas: 1 },
        postgresql: { enabled: false },
        template: { enabled: false },
        admissionPolicies: { enabled: false },
      },
    ],
    [
      "an instance and pull secrets",
      {
        instance: "blue",
        imagePullSecrets: ["registry"],
        platformHosts: ["console.polyphony.localhost"],
        reservedSlugs: ["kor"],
      },
    ],
  ];

  it.each(settings)(
    "renders objects that the API server accepts: %s",
    async (_, values) => {
      const refused: string[] = [];
      for (const object of await renderChart(values)) {
        const answer = await api.apply(`${pathOf(object)}?dryRun=All&fieldValidation=Strict`, object);
        if (answer.status >= 300) refused.push(`${object.kind} ${object.metadata.name}: ${answer.message}`);
      }
      expect(refused).toEqual([]);
    },
    60_000,
  );

  it("R1: publishes further releases beside the stable one, each for a channel to point at", async () => {
    const objects = await renderChart(severalReleases);
    const template = named(objects, "VaultTemplate", "chart-trial");
    expect(partAt(template, "spec", "channels")).toEqual({ stable: "1.1.0", next: "1.2.0" });
    const next = named(objects, "VaultRelease", "chart-trial-1.2.0");
    expect(partAt(next, "spec", "schemaVersion")).toBe(3);
    expect(next.metadata.annotations).toMatchObject({ "helm.sh/resource-policy": "keep" });
    expect(objects.filter(({ kind }) => kind === "VaultRelease")).toHaveLength(2);
  });

  it("passes helm lint", async () => {
    const helm = (await ensureTools(["helm"], silentProgress))("helm");
    const answer = await tryCommand(helm, ["lint", join(import.meta.dirname, "../../charts/polyphony"), "--strict"]);
    expect(answer).toMatchObject({ code: 0 });
  });

  it("refuses a setting that is misspelt, and names it", async () => {
    await expect(renderChart({ gateway: { replica: 3 } })).rejects.toThrow(
      "additional properties 'replica' not allowed",
    );
  });

  it("K2: every pod keeps to the pod security standard restricted", async () => {
    const namespace = `polyphony-restricted-${process.pid}`;
    const enforce = { "pod-security.kubernetes.io/enforce": "restricted" };
    await api.apply(`/api/v1/namespaces/${namespace}`, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: enforce },
    });
    const withPods = (await renderChart(digest)).filter(({ kind }) => /^(Deployment|StatefulSet|Job)$/.test(kind));
    const pods = withPods.map((object) => partAt(object, "spec", "template", "spec") as { volumes?: object[] });
    expect(pods).toHaveLength(8);
    // A StatefulSet adds its claims to the pods itself.
    const claimed = { name: "data", emptyDir: {} };
    for (const pod of pods) {
      const volumes = [...(pod.volumes ?? []), claimed];
      const body = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "trial" },
        spec: { ...pod, serviceAccountName: undefined, restartPolicy: "Never", volumes },
      };
      await api.apply(`/api/v1/namespaces/${namespace}/serviceaccounts/default`, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "default" },
      });
      const answer = await api.call("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All`, { body });
      expect(answer.message).toBe("");
    }
    await api.call("DELETE", `/api/v1/namespaces/${namespace}`);
  });

  it("gives operator and gateway an environment that they can read", async () => {
    const objects = await renderChart(digest);
    const gateway = readConfig(environment(named(objects, "Deployment", "polyphony-gateway")));
    expect(gateway).toMatchObject({
      baseDomain: "polyphony.localhost",
      publicUrlTemplate: "http://{slug}.polyphony.localhost:8080",
    });
    expect(gateway.reservedSlugs.has("www")).toBe(true);

    const map = named(objects, "ConfigMap", "polyphony-operator");
    await writeFile(join(folder, "egress"), textAt(map, "data", "egress-peers.json"));
    await writeFile(
      join(folder, "master-key"),
      textAt(named(objects, "Secret", "polyphony-master-key"), "data", "masterKey"),
    );
    const key = Buffer.from(await readFile(join(folder, "master-key"), "utf8"), "base64");
    await writeFile(join(folder, "master-key"), key);
    const environmentOfOperator = environment(named(objects, "Deployment", "polyphony-operator"));
    const files = { MASTER_KEY_FILE: join(folder, "master-key"), EGRESS_PEERS_FILE: join(folder, "egress") };
    const config = parseConfig({ ...environmentOfOperator, ...files, NAMESPACE: home, POD_NAME: "operator-0" });
    expect(config.masterKey.byteLength).toBe(32);
    expect(config.settings.egress.dns).toHaveLength(1);
    expect(config.settings.gateway).toEqual({
      namespace: home,
      podLabels: {
        "app.kubernetes.io/name": "polyphony",
        "app.kubernetes.io/instance": "polyphony",
        "app.kubernetes.io/component": "gateway",
      },
    });
    expect(config).toMatchObject({ migrationsNamespace: "polyphony-migrations", selector: "" });
  });

  it("keeps what belongs to tenants when it is uninstalled", async () => {
    const kept = (await renderChart(digest)).filter(
      ({ metadata }) => metadata.annotations?.["helm.sh/resource-policy"] === "keep",
    );
    expect(kept.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      "ConfigMap polyphony-reserved-slugs",
      "DatabaseServer default",
      "Secret polyphony-master-key",
      "Secret polyphony-postgresql",
      "Secret polyphony-registry",
      "Secret polyphony-token-key",
      "ValidatingAdmissionPolicy polyphony-protected-tenants",
      "ValidatingAdmissionPolicy polyphony-reserved-slugs",
      "ValidatingAdmissionPolicyBinding polyphony-protected-tenants",
      "ValidatingAdmissionPolicyBinding polyphony-reserved-slugs",
      "VaultRelease choir-1.1.0",
      "VaultTemplate choir",
    ]);
  });

  it("sets PostgreSQL up to start quickly after a crash, and uses no other when one is given", async () => {
    const objects = await renderChart();
    const config = textAt(named(objects, "ConfigMap", "polyphony-postgresql"), "data", "postgresql.conf");
    expect(config).toContain("recovery_init_sync_method = syncfs");
    expect(config).toContain("password_encryption = scram-sha-256");
    const other = await renderChart(external);
    expect(other.filter(({ kind }) => kind === "StatefulSet")).toEqual([]);
    const server = named(other, "DatabaseServer", "default");
    expect(stringify(partAt(server, "spec", "connection"))).toContain("name: my-database");
    expect(partAt(server, "spec", "networkPeers")).toEqual(external.externalDatabase.networkPeers);
  });

  it("has an image by digest where one is given", async () => {
    const objects = await renderChart({ gateway: { image: { repository: "r/gateway", digest: aDigest } } });
    expect(stringify(named(objects, "Deployment", "polyphony-gateway"))).toContain(`image: r/gateway@${aDigest}`);
  });
});

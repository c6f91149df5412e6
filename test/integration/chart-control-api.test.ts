import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readConfig } from "../../control-api/config.ts";
import { readSetup } from "../../control-api/db/setup-config.ts";
import { readReservedSlugs } from "../../control-api/slugs/reserved-slugs.ts";
import { readConfig as readGatewayConfig } from "../../gateway/config.ts";
import type { Deployment, Job } from "../../kube/kinds.ts";
import { createHostTable } from "../../gateway/host-table.ts";
import { renderChart, type Rendered } from "./render-chart.ts";

type Container = NonNullable<NonNullable<NonNullable<Deployment["spec"]>["template"]["spec"]>["containers"]>[number];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "polyphony-chart-control-api-"));
  writeFileSync(join(folder, "token-key"), randomBytes(32).toString("base64"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const named = (objects: Rendered[], kind: string, name: string | RegExp): Rendered => {
  const found = objects.find(
    (object) =>
      object.kind === kind &&
      (typeof name === "string" ? object.metadata.name === name : name.test(object.metadata.name)),
  );
  if (!found) throw new Error(`the chart renders no ${kind} ${String(name)}`);
  return found;
};

/** The pod's environment as the kubelet would have it: what comes from Secrets, and $(NAME) in later values. */
const environmentOf = ({ env = [] }: Container): Record<string, string | undefined> => {
  const found: Record<string, string | undefined> = {};
  for (const { name, value, valueFrom } of env) {
    const secret = valueFrom?.secretKeyRef;
    found[name] = secret
      ? (urls[secret.key] ?? "a-password-of-24-letters")
      : (value ?? "").replaceAll(/\$\((\w+)\)/g, (all, other: string) => found[other] ?? all);
  }
  return { ...found, TOKEN_KEY_FILE: join(folder, "token-key") };
};
const urls: Record<string, string> = {
  smtpUrl: "smtp://mail.example.org:587",
  "app-url": "postgres://registry_app:secret@db.example.org/registry",
  "platform-url": "postgres://registry_platform:secret@db.example.org/registry",
  "admin-url": "postgres://admin:secret@db.example.org/postgres",
  url: "rediss://:secret@redis.example.org:6380",
};

const containerOf = (deployment: Rendered): Container => {
  const container = (deployment as Rendered & Deployment).spec?.template.spec?.containers[0];
  if (!container) throw new Error("no container");
  return container;
};

const admin = { email: "admin@example.org", name: "Anna Admin" };

describe("the chart's control API", () => {
  it.each(["polyphony-control-api", "polyphony-control-worker"])(
    "%s gets an environment that it can read",
    async (name) => {
      const config = readConfig(environmentOf(containerOf(named(await renderChart(), "Deployment", name))));
      expect(config).toMatchObject({
        publicUrl: "http://console.localhost:8080",
        vaultUrlTemplate: "http://{slug}.polyphony.localhost:8080",
        registry: {
          app: "postgres://registry_app:a-password-of-24-letters@polyphony-postgresql.polyphony-system.svc:5432/registry",
          platform:
            "postgres://registry_platform:a-password-of-24-letters@polyphony-postgresql.polyphony-system.svc:5432/registry",
        },
        redisUrl: "redis://:a-password-of-24-letters@polyphony-redis.polyphony-system.svc:6379",
        approval: "automatic",
        consoleFolder: "/app/console",
        mailPreview: false,
        internalPort: 9090,
      });
    },
  );

  it("starts without a mail server too, and takes the one that is named", async () => {
    const smtpUrl = async (values: object) => {
      const deployment = named(await renderChart(values), "Deployment", "polyphony-control-worker");
      return readConfig(environmentOf(containerOf(deployment))).mail.smtpUrl;
    };
    expect(await smtpUrl({})).toBe("smtp://mail-is-not-set.invalid:25");
    expect(await smtpUrl({ mail: { smtpUrl: urls["smtpUrl"] } })).toBe(urls["smtpUrl"]);
    expect(await smtpUrl({ mail: { existingSecret: "my-mail" } })).toBe(urls["smtpUrl"]);
  });

  it("gives the worker an account of Kubernetes, and the API, which needs none, neither account nor token", async () => {
    const objects = await renderChart();
    const accountOf = (name: string) => {
      const { spec } = named(objects, "Deployment", name) as Rendered & Deployment;
      const { serviceAccountName, automountServiceAccountToken } = spec?.template.spec ?? {};
      return { serviceAccountName, automountServiceAccountToken };
    };
    expect(accountOf("polyphony-control-api")).toEqual({ automountServiceAccountToken: false });
    expect(accountOf("polyphony-control-worker")).toEqual({
      serviceAccountName: "polyphony-control-worker",
      automountServiceAccountToken: true,
    });
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((one) => one.startsWith("ServiceAccount polyphony-control"))).toEqual([
      "ServiceAccount polyphony-control-worker",
    ]);
  });

  it("uses a registry and a Redis of one's own, and then installs neither", async () => {
    const objects = await renderChart({
      registry: { existingSecret: "my-registry" },
      externalRedis: { existingSecret: "my-redis" },
      postgresql: { enabled: false },
    });
    const config = readConfig(environmentOf(containerOf(named(objects, "Deployment", "polyphony-control-api"))));
    expect(config).toMatchObject({
      registry: { app: urls["app-url"], platform: urls["platform-url"] },
      redisUrl: urls["url"],
    });
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((one) => /redis|postgresql|Secret polyphony-registry/.test(one))).toEqual([]);
  });

  it("is left out whole where nobody says where its registry is", async () => {
    const objects = await renderChart({ externalDatabase: { existingSecret: "my-database" } });
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((one) => /control|redis|registry|token/.test(one))).toEqual([]);
    const gateway = readGatewayConfig(environmentOf(containerOf(named(objects, "Deployment", "polyphony-gateway"))));
    expect([...gateway.platformRoutes]).toEqual([]);
  });

  it("sets the registry up, with the first admin if one is named, under a name that changes with what it runs", async () => {
    const jobWith = async (values: object) =>
      named(await renderChart(values), "Job", /^polyphony-registry-setup-/) as Rendered & Job;
    const job = await jobWith({ controlApi: { firstAdmin: admin, env: { TZ: "Europe/Oslo" } } });
    const container = containerOf(job);
    expect(container.args).toEqual(["set-up", admin.email, admin.name]);
    expect(environmentOf(container)["TZ"]).toBe("Europe/Oslo");
    const at = (login: string, database: string) =>
      `postgres://${login}:a-password-of-24-letters@polyphony-postgresql.polyphony-system.svc:5432/${database}`;
    expect(readSetup(environmentOf(container))).toMatchObject({
      urls: {
        admin: at("postgres", "postgres"),
        owner: at("registry_owner", "registry"),
        platform: at("registry_platform", "registry"),
      },
      database: "registry",
    });
    const without = await jobWith({});
    expect(containerOf(without).args).toEqual(["set-up"]);
    expect(without.metadata.name).not.toBe(job.metadata.name);
  });

  it("N1: the gateway leads its host there, and no vault can take that host or slug", async () => {
    const values = { baseDomain: "choirs.example.org", controlApi: { publicUrl: "https://hello.choirs.example.org" } };
    const objects = await renderChart(values);
    const gateway = readGatewayConfig(environmentOf(containerOf(named(objects, "Deployment", "polyphony-gateway"))));
    expect([...gateway.platformRoutes]).toEqual([
      ["hello.choirs.example.org", "http://polyphony-control-api.polyphony-system.svc.cluster.local.:8080"],
    ]);
    expect(gateway.reservedSlugs.has("hello")).toBe(true);
    const table = createHostTable(gateway);
    table.set({ slug: "hello", hosts: [], phase: "Active", organization: "Hello", created: 0 });
    expect(table.find("hello.choirs.example.org")).toBeUndefined();
    const list = named(objects, "ConfigMap", "polyphony-control-api") as Rendered & { data: Record<string, string> };
    writeFileSync(join(folder, "reserved"), list.data["reserved-slugs.yaml"] ?? "");
    expect(readReservedSlugs(join(folder, "reserved")).has("hello")).toBe(true);
  });

  const addresses: [name: string, values: object, address: string][] = [
    ["beside the base domain", { baseDomain: "choirs.example.org" }, "http://console.example.org:8080"],
    [
      "with scheme and port of the vaults'",
      { baseDomain: "choirs.example.org", publicUrlTemplate: "https://{slug}.choirs.example.org" },
      "https://console.example.org",
    ],
    ["as it is told", { controlApi: { publicUrl: "https://polyphony.example.net/" } }, "https://polyphony.example.net"],
  ];
  it.each(addresses)("answers %s", async (_, values, address) => {
    const objects = await renderChart(values);
    expect(
      readConfig(environmentOf(containerOf(named(objects, "Deployment", "polyphony-control-api")))).publicUrl,
    ).toBe(address);
    const operator = environmentOf(containerOf(named(objects, "Deployment", "polyphony-operator")));
    expect(operator["REGISTRY_URL"]).toBe(address);
  });

  it("asks for an address where none can be guessed", async () => {
    await expect(renderChart({ baseDomain: "choirs.org" })).rejects.toThrow(
      "controlApi.publicUrl: say where the console",
    );
  });
});

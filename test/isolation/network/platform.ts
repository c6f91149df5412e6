import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseServer } from "../../../crds/index.ts";
import type { Deployment, NetworkPolicy } from "../../../kube/kinds.ts";
import type { KubeObject } from "../../../kube/kube.ts";
import { parseConfig } from "../../../operator/config.ts";
import { migrationEgress } from "../../../operator/release/migration-objects.ts";
import type { Desired } from "../../../operator/tenant/desired-vault.ts";
import { desiredChildren } from "../../../operator/tenant/desired.ts";
import { namespaceOf } from "../../../operator/tenant/names.ts";
import { aDesiredVault } from "../../builders/a-desired-vault.ts";
import { podEnvironment } from "../pod-environment.ts";
import { home, renderChart, type Rendered } from "../../integration/render-chart.ts";

/** An installation with all that a vault may talk to: the bundled PostgreSQL, a mail server, a registry. */
const values = {
  mail: { smtpUrl: "smtp://smtp.mail.svc:1025" },
  registryUrl: "https://registry.example.org",
  controlWorker: { kubernetesPeers: [{ ipBlock: { cidr: "10.0.0.1/32" }, ports: [{ port: 6443, protocol: "TCP" }] }] },
  egress: {
    mail: [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "mail" } },
        ports: [{ port: 1025, protocol: "TCP" }],
      },
    ],
    registry: [{ ipBlock: { cidr: "203.0.113.10/32" }, ports: [{ port: 443, protocol: "TCP" }] }],
  },
};

const named = (objects: Rendered[], kind: string, name: string): Rendered => {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`the chart renders no ${kind} ${name}`);
  return found;
};

/** The operator's settings as its own pod reads them from what the chart renders. */
const settingsOf = async (objects: Rendered[]): Promise<Desired["settings"]> => {
  const folder = await mkdtemp(join(tmpdir(), "polyphony-network-"));
  try {
    const map = named(objects, "ConfigMap", "polyphony-operator") as Rendered & { data: Record<string, string> };
    const files = { MASTER_KEY_FILE: join(folder, "key"), EGRESS_PEERS_FILE: join(folder, "egress") };
    await writeFile(files.MASTER_KEY_FILE, Buffer.alloc(32).toString("base64"));
    await writeFile(files.EGRESS_PEERS_FILE, map.data["egress-peers.json"] ?? "");
    const deployment = named(objects, "Deployment", "polyphony-operator") as Rendered & Deployment;
    const env = deployment.spec?.template.spec?.containers[0]?.env ?? [];
    const plain = Object.fromEntries(env.map(({ name, value }) => [name, value ?? ""]));
    const config = parseConfig({ ...plain, ...files, NAMESPACE: home, SMTP_URL: values.mail.smtpUrl });
    return config.settings;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A vault as the operator makes it: its objects, and what is in its pods' environment. */
export type ModelVault = {
  namespace: string;
  labels: Record<string, string>;
  objects: KubeObject[];
  environment: Record<string, string>;
};

const vaultOf = (vaultId: string, slug: string, settings: Desired["settings"], server: DatabaseServer): ModelVault => {
  const databaseUrl = `postgres://login:password@polyphony-postgresql.${home}.svc:5432/vault_${slug}`;
  const children = desiredChildren(
    aDesiredVault({
      vaultId,
      slug,
      namespace: namespaceOf(vaultId),
      settings,
      server,
      secrets: { ...aDesiredVault().secrets, databaseUrl },
    }),
  ).flat();
  const deployment = children.find(({ kind }) => kind === "Deployment")?.object as Deployment;
  return {
    namespace: namespaceOf(vaultId),
    labels: deployment.spec?.template.metadata?.labels ?? {},
    objects: children.map(({ object }) => object),
    environment: podEnvironment(children.map(({ object }) => object)),
  };
};

/** Everything that policies are made from in an installation with two vaults. */
export type Platform = {
  a: ModelVault;
  b: ModelVault;
  policies: NetworkPolicy[];
  namespaces: Record<string, Record<string, string>>;
  /** The labels of the chart's pods, by component. */
  component: (name: string) => Record<string, string>;
};

const isPolicy = (object: { kind?: string | undefined }): boolean => object.kind === "NetworkPolicy";

/** Renders the chart and two vaults on it, as an installation has them; `more` goes over its values. */
export const renderPlatform = async (more: object = {}): Promise<Platform> => {
  const objects = await renderChart({ ...values, ...more });
  const settings = await settingsOf(objects);
  const server = named(objects, "DatabaseServer", "default") as unknown as DatabaseServer;
  const a = vaultOf("aaaaaaaa-0000-4000-8000-000000000001", "a", settings, server);
  const b = vaultOf("bbbbbbbb-0000-4000-8000-000000000002", "b", settings, server);
  const namespaceObjects = [...objects, ...a.objects, ...b.objects].filter(({ kind }) => kind === "Namespace");
  const others = [home, "default", "kube-system", "mail"].map((name) => ({ metadata: { name, labels: {} } }));
  return {
    a,
    b,
    policies: [
      ...(objects.filter(isPolicy) as unknown as NetworkPolicy[]),
      ...([...a.objects, ...b.objects].filter(isPolicy) as NetworkPolicy[]),
      migrationEgress("polyphony-migrations", server),
    ],
    namespaces: Object.fromEntries(
      [...others, ...namespaceObjects].map(({ metadata }) => [
        metadata?.name ?? "",
        { ...metadata?.labels, "kubernetes.io/metadata.name": metadata?.name ?? "" },
      ]),
    ),
    component: (name) => ({
      "app.kubernetes.io/name": "polyphony",
      "app.kubernetes.io/instance": "polyphony",
      "app.kubernetes.io/component": name,
    }),
  };
};

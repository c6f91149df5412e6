import type { Tenant, VaultTemplate } from "../../../crds/index.ts";
import { writableWhenReadOnly } from "./application.ts";

/** The objects that a world begins with, and Tenants as a person writes them. */
const apiVersion = "polyphony.dev/v1alpha1";
const home = "polyphony-system";
const server = "main";
const template = "choir";

const plan = (replicas: number, cpu: string) => ({
  replicas,
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu, memory: "64Mi" },
  quota: { cpu: "4", memory: "2Gi", pods: 8 },
  databaseConnections: 5 * replicas,
});

const templateOf = (name: string): VaultTemplate =>
  ({
    apiVersion,
    kind: "VaultTemplate",
    metadata: { name },
    spec: {
      displayName: "Choir",
      image: { repository: "registry.example/choir" },
      writableWhenReadOnly,
      channels: { stable: "1.0.0", next: "2.0.0" },
      plans: { free: plan(1, "100m"), umbrella: plan(2, "200m") },
    },
  }) as unknown as VaultTemplate;

/** Release 1.0.0 or 2.0.0: an image of its own, and a schema one step further. */
const releaseOf = (name: string, major: 1 | 2) => ({
  apiVersion,
  kind: "VaultRelease",
  metadata: { name: `${name}-${major}.0.0` },
  spec: {
    template: name,
    version: `${major}.0.0`,
    image: { digest: `sha256:${String(major).repeat(64)}` },
    schemaVersion: major,
    commands: { serve: ["serve", String(major)], migrate: ["migrate", String(major)] },
  },
});

const databaseServer = (host: string, port: number) => ({
  apiVersion,
  kind: "DatabaseServer",
  metadata: { name: server },
  spec: {
    connection: { secretRef: { namespace: home, name: "connection" }, sslMode: "disable" },
    // Vaults reach it past the proxy: what they see is the server itself.
    address: { host, port },
    capacity: 2000,
    networkPeers: [{ ipBlock: { cidr: "127.0.0.1/32" }, ports: [{ port }] }],
  },
});

export type TenantChanges = Partial<Omit<Tenant["spec"], "release">> & { release?: Partial<Tenant["spec"]["release"]> };

const tenant = (slug: string, changes: TenantChanges = {}): Tenant =>
  ({
    apiVersion,
    kind: "Tenant",
    metadata: { name: slug },
    spec: {
      organization: { id: `org-${slug}`, name: `Choir ${slug}` },
      template,
      plan: "free",
      owner: { email: `kari@${slug}.example`, name: "Kari Nordmann" },
      retention: "0s",
      ...changes,
    },
  }) as unknown as Tenant;

export const manifests = {
  home,
  migrations: "polyphony-migrations",
  server,
  template,
  templateOf,
  releaseOf,
  databaseServer,
  tenant,
};

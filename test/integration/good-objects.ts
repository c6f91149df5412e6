/** A plain object of ours, as a person writes it: open to any mistake. */
export type Draft = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; [key: string]: unknown };
  spec: Record<string, unknown>;
};

const draft = (kind: string, name: string, spec: Draft["spec"]): Draft => ({
  apiVersion: "polyphony.dev/v1alpha1",
  kind,
  metadata: { name },
  spec,
});

export const plurals: Record<string, string> = {
  Tenant: "tenants",
  VaultTemplate: "vaulttemplates",
  VaultRelease: "vaultreleases",
  DatabaseServer: "databaseservers",
  RetainedVault: "retainedvaults",
};

/** Where the API server keeps objects of a kind. */
export const collection = (kind: string): string => `/apis/polyphony.dev/v1alpha1/${plurals[kind] ?? kind}`;

export const aDigest = `sha256:${"0a1b2c3d".repeat(8)}`;
const aVaultId = "0b0e2a5e-6c1d-4b38-9a51-0d6a0f2f4e11";

export const aPlan = () => ({
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "192Mi" },
  quota: { cpu: "2", memory: "1Gi", pods: 8 },
});

/** The smallest object of each kind that is accepted. */
export const goodObjects = {
  Tenant: () =>
    draft("Tenant", "alto-ensemble", {
      organization: { id: "org_alto", name: "Alto Ensemble" },
      template: "choir",
      plan: "free",
      owner: { email: "kari@example.org", name: "Kari Nordmann" },
    }),
  VaultTemplate: () =>
    draft("VaultTemplate", "choir", {
      displayName: "Choir",
      image: { repository: "registry.example.org/polyphony/choir" },
      channels: { stable: "1.4.0" },
      plans: { free: aPlan() },
    }),
  VaultRelease: () =>
    draft("VaultRelease", "choir-1.4.0", {
      template: "choir",
      version: "1.4.0",
      image: { digest: aDigest },
      schemaVersion: 3,
    }),
  DatabaseServer: () =>
    draft("DatabaseServer", "default", {
      connection: { secretRef: { namespace: "polyphony-system", name: "polyphony-postgresql" } },
    }),
  RetainedVault: () =>
    draft("RetainedVault", "alto-ensemble-0b0e2a5e6c1d", {
      vaultId: aVaultId,
      slug: "alto-ensemble",
      organization: { id: "org_alto", name: "Alto Ensemble" },
      template: "choir",
      release: "choir-1.4.0",
      databaseServer: "default",
      database: `vault_${aVaultId.replaceAll("-", "")}`,
      keepUntil: "2030-01-31T00:00:00Z",
    }),
} satisfies Record<string, () => Draft>;

export type OurKind = keyof typeof goodObjects;

/** A good object with every optional field filled in, for each kind. */
export const fullObjects: Record<OurKind, () => Draft> = {
  Tenant: () => {
    const tenant = goodObjects.Tenant();
    Object.assign(tenant.spec, {
      isolation: "Dedicated",
      access: "ReadOnly",
      activity: "Suspended",
      idleAfter: "30m",
      release: { channel: "beta", pin: "1.4.0-rc.1" },
      maintenanceWindow: { days: ["Sat", "Sun"], start: "02:30", duration: "2h", timeZone: "Europe/Oslo" },
      hosts: ["members.alto-ensemble.example", "www.alto-ensemble.example"],
      limits: { members: 400 },
      databaseServer: "default",
      protected: true,
      retention: "0s",
      restoreFrom: "alto-ensemble-0b0e2a5e6c1d",
    });
    return tenant;
  },
  VaultTemplate: () => {
    const template = goodObjects.VaultTemplate();
    Object.assign(template.spec, {
      port: 8080,
      internalPort: 9090,
      contract: "v1",
      meters: [{ name: "members", sql: "select count(*) from member", unit: "{member}" }],
      writableWhenReadOnly: ["session", "login_link"],
      needs: { bucket: true },
      plans: { free: { ...aPlan(), meterLimits: { members: 60 }, replicas: 2, databaseConnections: 10 } },
    });
    return template;
  },
  VaultRelease: () => {
    const release = goodObjects.VaultRelease();
    release.spec["commands"] = { serve: ["serve"], migrate: ["migrate"] };
    return release;
  },
  DatabaseServer: () => {
    const server = goodObjects.DatabaseServer();
    Object.assign(server.spec, {
      address: { host: "postgresql.polyphony-system.svc", port: 5432 },
      capacity: 2000,
      region: "eu-north",
      class: "shared",
      pooler: { host: "10.0.0.7", port: 6432 },
      networkPeers: [
        { ipBlock: { cidr: "10.0.0.0/24", except: ["10.0.0.1/32"] }, ports: [{ port: 5432 }] },
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "polyphony-system" } },
          podSelector: { matchLabels: { "app.kubernetes.io/component": "postgresql" } },
          ports: [{ port: 5432, protocol: "TCP" }],
        },
      ],
    });
    return server;
  },
  RetainedVault: () => goodObjects.RetainedVault(),
};

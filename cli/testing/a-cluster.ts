import type {
  Condition,
  DatabaseServer,
  RetainedVault,
  Tenant,
  TenantStatus,
  VaultRelease,
  VaultTemplate,
} from "../../crds/index.ts";
import type { FakeKube } from "../../kube/fake-kube.ts";
import { kinds } from "../../kube/kinds.ts";
import type { Kind, KubeObject } from "../../kube/kube.ts";
import { releases, retainedVaults, servers, templates, tenants } from "../names.ts";

const digest = `sha256:${"18e18b05".repeat(8)}`;
const since = "2026-01-01T00:00:00Z";

/** Stores an object with its status, as chart and operator would have left it. */
export const put = async <T extends KubeObject>(
  kube: FakeKube,
  kind: Kind<T>,
  object: object,
  manager = "helm",
): Promise<T> => {
  const { status, ...rest } = object as { status?: object };
  const made = await kube.apply(kind, rest as T, { fieldManager: manager });
  if (!status) return made;
  const ref = { name: made.metadata?.name ?? "", namespace: made.metadata?.namespace };
  return kube.patchStatus(kind, ref, { status }, { fieldManager: "polyphony-operator" });
};

export const condition = (type: string, status: Condition["status"], reason: string, message: string): Condition => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: since,
});

export const good: Condition[] = [
  condition("Ready", "True", "Ready", "The vault answers."),
  condition("Accepted", "True", "Accepted", "Template and plan are known."),
  condition("DatabaseReady", "True", "DatabaseReady", "The database is there, and only this vault may connect."),
  condition("SchemaCurrent", "True", "SchemaCurrent", "The database has the schema that the release needs."),
  condition("WorkloadAvailable", "True", "WorkloadAvailable", "A pod of the vault is available."),
  condition("RouteReady", "True", "RouteReady", "The gateway finds the vault."),
  condition("ReleaseCurrent", "True", "ReleaseCurrent", "The wanted release runs."),
];

export const urlOf = (slug: string): string => `http://${slug}.polyphony.localhost:8080`;

/** Without isolation, access and activity: the server fills these in, and then nobody holds them. */
export const aTenantSpec = {
  organization: { id: "org_alto-ensemble", name: "Alto Ensemble" },
  template: "choir",
  plan: "free",
  owner: { name: "Kari Nordmann", email: "kari@alto-ensemble.example" },
  release: { channel: "stable" },
  protected: false,
  retention: "720h",
};

export const activeStatus = (slug: string, change: Partial<TenantStatus> = {}): TenantStatus => ({
  phase: "Active",
  message: `The vault answers at ${urlOf(slug)}`,
  observedGeneration: 1,
  vaultId: "155fdf15-3ecc-4eab-93d3-18bf0006becf",
  url: urlOf(slug),
  backend: { namespace: "vault-155fdf153ecc", service: "vault", port: 8080 },
  database: { server: "default", name: "vault_155fdf153ecc4eab93d318bf0006becf", bytes: 10_380_902 },
  release: { name: "choir-1.4.0", version: "1.4.0", digest, schemaVersion: 1 },
  secretVersions: { database: 1, databaseLogin: "a", signing: 1 },
  conditions: good,
  ...change,
});

export const putTenant = (
  kube: FakeKube,
  name: string,
  {
    spec = {},
    status = activeStatus(name),
    manager = "demo",
    metadata = {},
  }: { spec?: object; status?: TenantStatus; manager?: string; metadata?: object } = {},
): Promise<Tenant> =>
  put(kube, tenants, { metadata: { name, ...metadata }, spec: { ...aTenantSpec, ...spec }, status }, manager);

export const putRelease = (kube: FakeKube, version: string, ready = true): Promise<VaultRelease> =>
  put(kube, releases, {
    metadata: { name: `choir-${version}` },
    spec: {
      template: "choir",
      version,
      image: { digest },
      schemaVersion: 1,
      commands: { serve: ["serve"], migrate: ["migrate"] },
    },
    status: {
      tenants: 2,
      conditions: [
        ready
          ? condition("Ready", "True", "Ready", "It can be used on every server.")
          : condition("Ready", "False", "GoldenTemplateFailed", "The migrations failed on default."),
      ],
    },
  });

export const putTemplate = (kube: FakeKube): Promise<VaultTemplate> =>
  put(kube, templates, {
    metadata: { name: "choir" },
    spec: {
      displayName: "Choir",
      image: { repository: "local/vault" },
      channels: { stable: "1.4.0" },
      plans: { free: {}, tier1: {} },
    },
  });

export const putServer = (kube: FakeKube, change: Condition[] = []): Promise<DatabaseServer> =>
  put(kube, servers, {
    metadata: { name: "default" },
    spec: {
      connection: { secretRef: { namespace: "polyphony-system", name: "pg", key: "url" }, sslMode: "disable" },
      capacity: 1000,
      class: "shared",
    },
    status: {
      version: "17.5",
      databases: 1,
      bytes: 134_217_728,
      conditions: [condition("Ready", "True", "Ready", "Vaults' databases can be made and kept here."), ...change],
    },
  });

export const putRetained = (kube: FakeKube, change: object = {}): Promise<RetainedVault> =>
  put(
    kube,
    retainedVaults,
    {
      metadata: {
        name: "song-club-0b0e2a5e6c1d",
        finalizers: ["polyphony.dev/retained-vault"],
        annotations: {
          "polyphony.dev/last-tenant": JSON.stringify({
            labels: { tier: "gold" },
            annotations: {},
            spec: { ...aTenantSpec, plan: "tier1" },
            status: {},
          }),
        },
      },
      spec: {
        vaultId: "0b0e2a5e-6c1d-4b38-9a51-0d6a0f2f4e11",
        slug: "song-club",
        organization: { id: "org_song-club", name: "Song Club" },
        template: "choir",
        release: "choir-1.4.0",
        databaseServer: "default",
        database: "vault_0b0e2a5e6c1d4b389a510d6a0f2f4e11",
        keepUntil: "2026-01-31T00:00:00Z",
      },
      status: { phase: "Kept" },
      ...change,
    },
    "polyphony-operator",
  );

/** The namespace of alto-ensemble with its deployment, one pod, service and Events. */
export const putVault = async (kube: FakeKube): Promise<void> => {
  const namespace = "vault-155fdf153ecc";
  const labels = {
    "polyphony.dev/vault": "true",
    "polyphony.dev/vault-id": "155fdf15-3ecc-4eab-93d3-18bf0006becf",
    "polyphony.dev/tenant": "alto-ensemble",
  };
  await put(kube, kinds.namespace, { metadata: { name: namespace, labels } });
  await put(kube, kinds.deployment, {
    metadata: { name: "vault", namespace, labels },
    spec: { replicas: 1 },
    status: { availableReplicas: 1, replicas: 1 },
  });
  await put(kube, kinds.service, { metadata: { name: "vault", namespace, labels }, spec: { ports: [{ port: 8080 }] } });
  await put(kube, kinds.endpointSlice, {
    metadata: { name: "vault-x", namespace, labels: { "kubernetes.io/service-name": "vault" } },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.0.0.9"], conditions: { ready: true } }],
  });
  await put(kube, kinds.pod, {
    metadata: { name: "vault-5b9c-x", namespace, labels: { "app.kubernetes.io/name": "vault" } },
    spec: { containers: [{ name: "vault", image: "vault" }] },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [{ name: "vault", restartCount: 1, ready: true, image: "vault", imageID: "" }],
    },
  });
  const tenant = await kube.get(tenants, { name: "alto-ensemble" });
  await put(kube, kinds.event, {
    metadata: { name: "alto-ensemble.1", namespace: "default" },
    eventTime: "2026-01-01T00:00:02.000000Z",
    type: "Normal",
    reason: "Ready",
    note: "The vault answers at http://alto-ensemble.polyphony.localhost:8080",
    regarding: { kind: "Tenant", name: "alto-ensemble", uid: tenant.metadata.uid },
  });
};

/** An installation with one tenant that is well. */
export const putInstallation = async (kube: FakeKube): Promise<void> => {
  await putTemplate(kube);
  await putRelease(kube, "1.4.0");
  await putServer(kube);
  await putTenant(kube, "alto-ensemble");
  await putVault(kube);
};

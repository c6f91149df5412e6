import type { DatabaseServer, Tenant, VaultRelease, VaultTemplate } from "../../crds/index.ts";
import type { DatabaseServer as ServerHandle, VaultDatabaseFacts } from "../../operator/database/tenant-database.ts";
import { goldenName, vaultDatabaseName, vaultLoginName } from "../../operator/database/names.ts";
import type { ChildProjection } from "../../operator/tenant/children/children.ts";
import type { World } from "../../operator/tenant/world.ts";

export const vaultId = "0b0e2a5e-6c1d-4b38-9a51-0d6a0f2f4e11";
export const digest = `sha256:${"a".repeat(64)}`;

const metadata = (name: string) => ({
  name,
  uid: vaultId,
  resourceVersion: "1",
  generation: 1,
  creationTimestamp: "2026-01-01T00:00:00Z",
});

const deepMerge = <T>(base: T, changes: unknown): T => {
  if (changes === undefined) return base;
  if (changes === null || typeof changes !== "object" || Array.isArray(changes)) return changes as T;
  if (base === null || typeof base !== "object" || changes instanceof Map) return changes as T;
  const merged: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(changes)) merged[key] = deepMerge(merged[key], value);
  return merged as T;
};

type Changes<T> = {
  [K in keyof T]?: T[K] extends object | undefined | null ? Changes<NonNullable<T[K]>> | null : T[K];
};

/** A Tenant as the API server would return it, with what a test changes. */
export const aTenant = (changes: Changes<Tenant> = {}): Tenant =>
  deepMerge<Tenant>(
    {
      apiVersion: "polyphony.dev/v1alpha1",
      kind: "Tenant",
      metadata: metadata("alto-ensemble"),
      spec: {
        organization: { id: "org_alto", name: "Alto Ensemble" },
        template: "choir",
        plan: "free",
        owner: { email: "kari@example.org", name: "Kari Nordmann" },
        isolation: "Shared",
        access: "ReadWrite",
        activity: "Running",
        release: { channel: "stable" },
        protected: false,
        retention: "720h",
      },
    },
    changes,
  );

export const aTemplate = (changes: Changes<VaultTemplate> = {}): VaultTemplate =>
  deepMerge<VaultTemplate>(
    {
      apiVersion: "polyphony.dev/v1alpha1",
      kind: "VaultTemplate",
      metadata: metadata("choir"),
      spec: {
        displayName: "Choir",
        image: { repository: "docker.io/local/polyphony-vault" },
        port: 8080,
        internalPort: 9090,
        contract: "v1",
        writableWhenReadOnly: ["login_links", "sessions"],
        channels: { stable: "1.0.0" },
        plans: {
          free: {
            replicas: 1,
            requests: { cpu: "10m", memory: "64Mi" },
            limits: { cpu: "500m", memory: "192Mi" },
            quota: { cpu: "2", memory: "1Gi", pods: 5 },
            databaseConnections: 10,
          },
        },
      },
    },
    changes,
  );

export const aRelease = (changes: Changes<VaultRelease> = {}): VaultRelease =>
  deepMerge<VaultRelease>(
    {
      apiVersion: "polyphony.dev/v1alpha1",
      kind: "VaultRelease",
      metadata: metadata("choir-1.0.0"),
      spec: {
        template: "choir",
        version: "1.0.0",
        image: { digest },
        schemaVersion: 1,
        commands: { serve: ["serve"], migrate: ["migrate"] },
      },
      status: { goldenTemplates: [{ server: "default", database: goldenName("choir-1.0.0", digest), state: "Ready" }] },
    },
    changes,
  );

export const aServer = (changes: Changes<DatabaseServer> = {}): DatabaseServer =>
  deepMerge<DatabaseServer>(
    {
      apiVersion: "polyphony.dev/v1alpha1",
      kind: "DatabaseServer",
      metadata: metadata("default"),
      spec: {
        connection: {
          secretRef: { namespace: "polyphony-system", name: "postgresql", key: "url" },
          sslMode: "disable",
        },
        capacity: 1000,
        class: "shared",
        networkPeers: [{ ipBlock: { cidr: "10.0.0.7/32" }, ports: [{ port: 5432, protocol: "TCP" }] }],
      },
      status: {
        databases: 0,
        conditions: [
          {
            type: "Ready",
            status: "True",
            reason: "Ready",
            message: "Ready.",
            lastTransitionTime: "2026-01-01T00:00:00Z",
          },
        ],
      },
    },
    changes,
  );

const aLogin = (slot: "a" | "b", canLogin: boolean) => ({
  name: vaultLoginName(vaultId, slot),
  ours: true,
  canLogin,
  oddAttributes: [],
  memberOf: ["choir_rw"],
  members: [],
  connectionLimit: 10,
  settings: [],
  passwordVersion: canLogin ? 1 : null,
  sessions: 0,
});

export const aDatabase = (changes: Changes<VaultDatabaseFacts> = {}): VaultDatabaseFacts =>
  deepMerge<VaultDatabaseFacts>(
    {
      vaultId,
      database: {
        name: vaultDatabaseName(vaultId),
        owner: "polyphony_operator",
        ours: true,
        finished: true,
        golden: goldenName("choir-1.0.0", digest),
        template: "choir",
        allowConnections: true,
        oddAttributes: [],
        publicPrivileges: [],
        grants: [],
        settings: [],
        bytes: null,
      },
      schema: { version: 1, oldestSupported: 1 },
      lost: false,
      roles: { a: aLogin("a", true), b: aLogin("b", false) },
    },
    changes,
  );

const child = (kind: ChildProjection["kind"], name: string): [string, ChildProjection] => [
  `${kind}/${name}`,
  { kind, name, namespace: "vault-0b0e2a5e6c1d", vaultId, fingerprint: "x", terminating: false },
];

/** The world of a vault that answers, with what a test changes. */
export const aWorld = (changes: Partial<World> = {}): World => ({
  tenant: aTenant(),
  vaultId,
  rival: null,
  hostRival: null,
  template: aTemplate(),
  plan: aTemplate().spec.plans.free ?? null,
  wanted: { name: "choir-1.0.0", release: aRelease() },
  release: aRelease(),
  hold: null,
  migration: null,
  server: { name: "default", resource: aServer(), handle: {} as ServerHandle },
  database: aDatabase(),
  databaseError: null,
  children: new Map([
    child("Namespace", "vault-0b0e2a5e6c1d"),
    child("Service", "vault"),
    child("Deployment", "vault"),
  ]),
  workload: { exists: true, available: true, rolledOut: true, replicas: 1, digest, trouble: null },
  endpointsReady: true,
  secretsInUse: null,
  ...changes,
});

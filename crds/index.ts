export { NetworkPeer } from "./database-server.ts";
export type { Condition } from "./condition.ts";
export type {
  DatabaseServerSpec,
  DatabaseServerStatus,
  RetainedVaultSpec,
  RetainedVaultStatus,
} from "./database-server.ts";
export { group, version } from "./resources.ts";
export { phases, type Phase, type TenantSpec, type TenantStatus } from "./tenant.ts";
export type {
  VaultPlan,
  VaultReleaseSpec,
  VaultReleaseStatus,
  VaultTemplateSpec,
  VaultTemplateStatus,
} from "./vault-template.ts";
import type {
  DatabaseServerSpec,
  DatabaseServerStatus,
  RetainedVaultSpec,
  RetainedVaultStatus,
} from "./database-server.ts";
import type { TenantSpec, TenantStatus } from "./tenant.ts";
import type { VaultReleaseSpec, VaultReleaseStatus, VaultTemplateSpec, VaultTemplateStatus } from "./vault-template.ts";

/** The part of Kubernetes' ObjectMeta that we read, as the API server returns it. */
export type Metadata = {
  name: string;
  uid: string;
  resourceVersion: string;
  generation: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
};

/** A resource of ours as read from the API server: defaults are filled in, status may be missing. */
export type Resource<Kind extends string, Spec, Status> = {
  apiVersion: "polyphony.dev/v1alpha1";
  kind: Kind;
  metadata: Metadata;
  spec: Spec;
  status?: Status;
};

export type Tenant = Resource<"Tenant", TenantSpec, TenantStatus>;
export type VaultTemplate = Resource<"VaultTemplate", VaultTemplateSpec, VaultTemplateStatus>;
export type VaultRelease = Resource<"VaultRelease", VaultReleaseSpec, VaultReleaseStatus>;
export type DatabaseServer = Resource<"DatabaseServer", DatabaseServerSpec, DatabaseServerStatus>;
export type RetainedVault = Resource<"RetainedVault", RetainedVaultSpec, RetainedVaultStatus>;

import type { DatabaseServer, Tenant, VaultPlan, VaultReleaseSpec, VaultTemplateSpec } from "../../crds/index.ts";
import type { TenantSettings } from "./settings.ts";

/** All that the objects of one vault are made from; a pure value. */
export type Desired = {
  slug: string;
  vaultId: string;
  namespace: string;
  publicUrl: string;
  spec: Tenant["spec"];
  template: VaultTemplateSpec;
  plan: VaultPlan;
  release: VaultReleaseSpec;
  server: DatabaseServer;
  /** `label` says in a few characters which versions these are. */
  secrets: { databaseUrl: string; signingKey: string; acceptedSigningKeys: string[]; label: string };
  settings: TenantSettings;
};

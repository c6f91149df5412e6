import type { DatabaseServer, Tenant, VaultPlan, VaultReleaseSpec, VaultTemplateSpec } from "../../crds/index.ts";
import type { TenantSettings } from "./settings.ts";

/**
 * All that the objects of one vault are made from, and nothing else: a pure value, and as long as it is the same so are
 * they.
 */
export type Desired = {
  slug: string;
  vaultId: string;
  namespace: string;
  publicUrl: string;
  spec: Tenant["spec"];
  template: Pick<VaultTemplateSpec, "image" | "port" | "internalPort" | "needs">;
  plan: VaultPlan;
  release: Pick<VaultReleaseSpec, "image" | "commands">;
  server: { spec: Pick<DatabaseServer["spec"], "networkPeers"> };
  /** `label` says in a few characters which versions these are. */
  secrets: {
    databaseUrl: string;
    signingKey: string;
    acceptedSigningKeys: string[];
    /** By which it proves itself to the registry; only where there is one. */
    clientKey?: string | undefined;
    label: string;
  };
  settings: TenantSettings;
};

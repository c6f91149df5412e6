import type { TemplateView } from "../contract/templates.ts";
import type { Observation } from "../tenants/observe-vault.ts";
import type { Wanted } from "../tenants/vault-repository.ts";

/** The Tenants of the cluster, as the registry uses them: writes spec, reads status, nothing else. */
export interface TenantCluster {
  /**
   * Makes the Tenant be as wanted; safe to repeat. Throws TenantForeignError when a Tenant of this name belongs to another
   * organization or another manager holds the fields: it is left alone.
   */
  publish(wanted: Wanted): Promise<void>;
  /** Deletes the Tenant of a closed organization (UUID); one that belongs to another is left alone. Safe to repeat. */
  remove(tenant: string, organizationId: string): Promise<void>;
  /** Asks the operator to try again at once what it waits with. */
  retry(tenant: string, at: Date): Promise<void>;
  /** Tells of every Tenant there is, and of each change after. Returns the way to stop it. */
  watch(listener: (seen: Observation) => void): () => Promise<void>;
  /** Tells which VaultTemplates there are, all of them, and again after each change. Returns the way to stop it. */
  watchTemplates(listener: (all: readonly TemplateView[]) => void): () => Promise<void>;
}

/** Somebody else's Tenant stands in the way: a person must look. */
export class TenantForeignError extends Error {
  override name = "TenantForeignError";
}

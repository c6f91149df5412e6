import type { Transaction } from "../db/registry-database.ts";
import type { VaultRow } from "./provisioning-steps.ts";

/** What a Tenant's status says, as the registry keeps it. */
export interface Observation {
  readonly tenant: string;
  readonly vaultId: string | null;
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly url: string | null;
  readonly step: number | null;
  readonly steps: number | null;
  readonly currentStep: string | null;
}

/** What a Tenant is made of. UUIDs. */
export interface Wanted {
  readonly organizationId: string;
  readonly slug: string;
  readonly name: string;
  readonly template: string;
  readonly plan: string;
  readonly approved: boolean;
  readonly activity: "Running" | "Suspended";
  readonly owner: { readonly email: string; readonly name: string };
}

type Row = {
  approval: VaultRow["approval"];
  phase: string;
  url: string | null;
  step: number | null;
  steps: number | null;
  created_at: Date;
  live_at: Date | null;
};

const vaultOf = (row: Row): VaultRow => ({
  approval: row.approval,
  phase: row.phase,
  url: row.url,
  step: row.step,
  steps: row.steps,
  createdAt: row.created_at,
  liveAt: row.live_at,
});

/** Whoever listens is told the organization's UUID. */
export const vaultChannel = "vault_changed";

const isLive = (phase: string): boolean => phase === "Active" || phase === "ReadOnly";

export const vaultRepository = (transaction: Transaction) => ({
  byOrganization: async (organizationId: string): Promise<VaultRow | null> => {
    const row = await transaction("vaults as v")
      .join("organizations as o", "o.id", "v.organization_id")
      .where("v.organization_id", organizationId)
      .first<Row | undefined>("v.*", "o.approval");
    return row ? vaultOf(row) : null;
  },
  wanted: async (organizationId: string): Promise<Wanted | null> => {
    const row = await transaction("organizations as o")
      .join("vaults as v", "v.organization_id", "o.id")
      .join("subscriptions as s", "s.organization_id", "o.id")
      .join("organization_members as m", (on) => on.on("m.organization_id", "o.id").andOnVal("m.role", "owner"))
      .join("people as p", "p.id", "m.person_id")
      .where("o.id", organizationId)
      .whereNull("o.closed_at")
      .orderBy([{ column: "m.created_at" }, { column: "p.id" }])
      .first<
        | {
            tenant: string;
            name: string;
            template: string;
            plan: string;
            approval: string;
            activity: Wanted["activity"];
            email: string;
            owner: string;
          }
        | undefined
      >("v.tenant", "o.name", "v.template", "s.plan", "o.approval", "v.activity", "p.email", "p.name as owner");
    if (!row) return null;
    return {
      organizationId,
      slug: row.tenant,
      name: row.name,
      template: row.template,
      plan: row.plan,
      approved: row.approval === "approved",
      activity: row.activity,
      owner: { email: row.email, name: row.owner },
    };
  },
  /**
   * Keeps what is new and tells who listens. Returns the organization and whether its vault went live just now; null for a
   * Tenant that is none of ours, or when nothing is new.
   */
  observe: async (seen: Observation, at: Date): Promise<{ organizationId: string; wentLive: boolean } | null> => {
    const row = await transaction("vaults")
      .where({ tenant: seen.tenant })
      .forUpdate()
      .first<(Row & { organization_id: string; reason: string; vault_id: string | null }) | undefined>();
    if (!row) return null;
    const fields = {
      vault_id: seen.vaultId,
      phase: seen.phase,
      reason: seen.reason,
      message: seen.message,
      url: seen.url,
      step: seen.step,
      steps: seen.steps,
    };
    const isNews = Object.entries(fields).some(
      ([column, value]) => (row as unknown as Record<string, unknown>)[column] !== value,
    );
    if (!isNews) return null;
    const wentLive = isLive(seen.phase) && row.live_at === null;
    await transaction("vaults")
      .where({ tenant: seen.tenant })
      .update({ ...fields, current_step: seen.currentStep, observed_at: at, ...(wentLive ? { live_at: at } : {}) });
    await transaction.raw("SELECT pg_notify(?, ?)", [vaultChannel, row.organization_id]);
    return { organizationId: row.organization_id, wentLive };
  },
});

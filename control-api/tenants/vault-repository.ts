import type { Knex } from "knex";
import type { VaultRow } from "./provisioning-steps.ts";

/** What a Tenant is made of. UUIDs. */
export interface Wanted {
  readonly organizationId: string;
  readonly slug: string;
  readonly name: string;
  readonly template: string;
  readonly plan: string;
  readonly approved: boolean;
  readonly activity: "Running" | "Suspended";
  /** Why it is suspended, for its visitors; "" when nobody said. */
  readonly activityReason: string;
  readonly owner: { readonly email: string; readonly name: string };
}

type Row = {
  approval: VaultRow["approval"];
  phase: string;
  reason: string;
  url: string | null;
  step: number | null;
  steps: number | null;
  created_at: Date;
  live_at: Date | null;
};

const vaultOf = (row: Row): VaultRow => ({
  approval: row.approval,
  phase: row.phase,
  reason: row.reason,
  url: row.url,
  step: row.step,
  steps: row.steps,
  createdAt: row.created_at,
  liveAt: row.live_at,
});

export const vaultRepository = (database: Knex) => ({
  byOrganization: async (organizationId: string): Promise<VaultRow | null> => {
    const row = await database("vaults as v")
      .join("organizations as o", "o.id", "v.organization_id")
      .where("v.organization_id", organizationId)
      .first<Row | undefined>("v.*", "o.approval");
    return row ? vaultOf(row) : null;
  },
  wanted: async (organizationId: string): Promise<Wanted | null> => {
    const row = await database("organizations as o")
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
            activity_reason: string;
            email: string;
            owner: string;
          }
        | undefined
      >(
        "v.tenant",
        "o.name",
        "v.template",
        "s.plan",
        "o.approval",
        "v.activity",
        "v.activity_reason",
        "p.email",
        "p.name as owner",
      );
    if (!row) return null;
    return {
      organizationId,
      slug: row.tenant,
      name: row.name,
      template: row.template,
      plan: row.plan,
      approved: row.approval === "approved",
      activity: row.activity,
      activityReason: row.activity_reason,
      owner: { email: row.email, name: row.owner },
    };
  },
  /** The Tenant of an organization that is closed, while the registry still knows of it. */
  ofClosed: async (organizationId: string): Promise<{ tenant: string } | null> => {
    const row = await database("vaults as v")
      .join("organizations as o", "o.id", "v.organization_id")
      .where("o.id", organizationId)
      .whereNotNull("o.closed_at")
      .first<{ tenant: string } | undefined>("v.tenant");
    return row ?? null;
  },
  forget: async (organizationId: string): Promise<void> => {
    await database("vaults").where({ organization_id: organizationId }).delete();
  },
});

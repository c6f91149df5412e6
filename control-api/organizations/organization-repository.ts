import type { Knex } from "knex";
import type { Locale } from "../contract/fields.ts";
import type { OrganizationChange, OrganizationView } from "../contract/organizations.ts";
import type { Role } from "../contract/route-contract.ts";
import { publicId } from "../ids.ts";

type Row = {
  id: string;
  slug: string;
  type: "umbrella" | "collective";
  name: string;
  legal_name: string | null;
  time_zone: string;
  contact_email: string;
  locale: Locale;
  category: string | null;
  currency: string | null;
  template: string;
  approval: "pending" | "approved" | "rejected";
  version: number;
  created_at: Date;
  plan: string;
  status: OrganizationView["subscription"];
  trial_ends_at: Date | null;
  phase: string | null;
  url: string | null;
  message: string | null;
};

export type StoredOrganization = Omit<OrganizationView, "role">;

const organizationOf = (row: Row): StoredOrganization => ({
  id: publicId("organization", row.id),
  slug: row.slug,
  type: row.type,
  name: row.name,
  legalName: row.legal_name,
  timeZone: row.time_zone,
  contactEmail: row.contact_email,
  locale: row.locale,
  category: row.category,
  currency: row.currency,
  template: row.template,
  approval: row.approval,
  plan: row.plan,
  subscription: row.status,
  trialEndsAt: row.trial_ends_at?.toISOString() ?? null,
  vault: row.phase === null ? null : { phase: row.phase, url: row.url, message: row.message ?? "" },
  createdAt: row.created_at.toISOString(),
  version: row.version,
});

export const organizationRepository = (database: Knex) => ({
  byId: async (id: string): Promise<StoredOrganization | null> => {
    const row = await database("organizations as o")
      .join("subscriptions as s", "s.organization_id", "o.id")
      .leftJoin("vaults as v", "v.organization_id", "o.id")
      .where("o.id", id)
      .first<Row | undefined>("o.*", "s.plan", "s.status", "s.trial_ends_at", "v.phase", "v.url", "v.message");
    return row ? organizationOf(row) : null;
  },
  /** False when its version is no longer `version`. */
  change: async (id: string, change: OrganizationChange, version: number | undefined): Promise<boolean> => {
    const columns = {
      name: change.name,
      legal_name: change.legalName,
      time_zone: change.timeZone,
      contact_email: change.contactEmail,
      locale: change.locale,
      category: change.category,
      currency: change.currency,
    };
    const set = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
    const changed = await database("organizations")
      .where({ id, ...(version === undefined ? {} : { version }) })
      .update({ ...set, version: database.raw("version + 1") });
    return changed === 1;
  },
  ofPerson: async (personId: string) => {
    const rows = await database("organization_members as m")
      .join("organizations as o", "o.id", "m.organization_id")
      .where("m.person_id", personId)
      .whereNull("o.closed_at")
      .orderBy("o.name")
      .select<(Pick<Row, "id" | "slug" | "name" | "type"> & { role: Role })[]>(
        "o.id",
        "o.slug",
        "o.name",
        "o.type",
        "m.role",
      );
    return rows.map(({ id, ...row }) => ({ id: publicId("organization", id), ...row }));
  },
});

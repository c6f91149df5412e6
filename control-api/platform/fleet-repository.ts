import type { Knex } from "knex";
import type { TenantRow } from "../contract/admin.ts";
import { type Keyset, keysetPage, type Page, type PageAsked } from "../db/keyset-page.ts";
import { publicId } from "../ids.ts";

export interface FleetQuery extends PageAsked {
  readonly phase?: string | undefined;
  readonly approval?: string | undefined;
  readonly search?: string | undefined;
}

type Row = {
  id: string;
  slug: string;
  name: string;
  type: "umbrella" | "collective";
  approval: TenantRow["approval"];
  template: string;
  plan: string;
  phase: string;
  reason: string;
  message: string;
  url: string | null;
  ready: boolean;
  release: string | null;
  activity: TenantRow["activity"];
  activity_reason: string;
  current_step: string | null;
  observed_at: Date | null;
  created_at: Date;
};

const tenantOf = (row: Row): TenantRow => ({
  organization: { id: publicId("organization", row.id), slug: row.slug, name: row.name, type: row.type },
  approval: row.approval,
  template: row.template,
  plan: row.plan,
  phase: row.phase,
  reason: row.reason,
  message: row.message,
  url: row.url,
  ready: row.ready,
  release: row.release,
  activity: row.activity,
  activityReason: row.activity_reason,
  step: row.current_step,
  observedAt: row.observed_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
});

const escapeLike = (text: string): string => text.toLowerCase().replace(/[\\%_]/g, (letter) => `\\${letter}`);

const newestFirst: Keyset = [
  ["o.created_at", "timestamptz"],
  ["o.id", "uuid"],
];

const rows = (database: Knex) =>
  database("organizations as o")
    .join("vaults as v", "v.organization_id", "o.id")
    .join("subscriptions as s", "s.organization_id", "o.id")
    .whereNull("o.closed_at")
    .select<Row[]>(
      ...["o.id", "o.slug", "o.name", "o.type", "o.approval", "o.template", "o.created_at", "s.plan"],
      ...["v.phase", "v.reason", "v.message", "v.url", "v.ready", "v.release", "v.activity", "v.activity_reason"],
      ...["v.current_step", "v.observed_at"],
    );

/** Organizations with their vaults, for the platform's staff. */
export const fleetRepository = (database: Knex) => ({
  page: async ({ phase, approval, search, ...asked }: FleetQuery): Promise<Page<TenantRow>> => {
    const query = rows(database);
    if (phase !== undefined) void query.where("v.phase", phase);
    if (approval !== undefined) void query.where("o.approval", approval);
    if (search !== undefined) {
      const like = `%${escapeLike(search)}%`;
      void query.whereRaw("(lower(o.name) LIKE ? OR o.slug LIKE ?)", [like, like]);
    }
    const { items, next } = await keysetPage<Row>(query, newestFirst, asked);
    return { items: items.map(tenantOf), next };
  },
  bySlug: async (slug: string): Promise<{ id: string; view: TenantRow } | null> => {
    const [row] = await rows(database).where("o.slug", slug);
    return row ? { id: row.id, view: tenantOf(row) } : null;
  },
  /** False when it was decided already. */
  decide: async (id: string, approval: "approved" | "rejected"): Promise<boolean> =>
    (await database("organizations").where({ id, approval: "pending" }).update({ approval })) === 1,
  setActivity: async (id: string, activity: TenantRow["activity"], reason: string): Promise<void> => {
    await database("vaults").where({ organization_id: id }).update({ activity, activity_reason: reason });
  },
});

import type { TenantRow } from "../contract/admin.ts";
import type { Transaction } from "../db/registry-database.ts";
import { publicId } from "../ids.ts";
import { cursorOf, readCursor } from "./cursor.ts";

export interface FleetQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
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

const rows = (transaction: Transaction) =>
  transaction("organizations as o")
    .join("vaults as v", "v.organization_id", "o.id")
    .join("subscriptions as s", "s.organization_id", "o.id")
    .whereNull("o.closed_at")
    .select<Row[]>(
      ...["o.id", "o.slug", "o.name", "o.type", "o.approval", "o.template", "o.created_at", "s.plan"],
      ...["v.phase", "v.reason", "v.message", "v.url", "v.ready", "v.release", "v.activity", "v.activity_reason"],
      ...["v.current_step", "v.observed_at"],
    );

/** Organizations with their vaults, for the platform's staff. */
export const fleetRepository = (transaction: Transaction) => ({
  page: async ({ limit, cursor, phase, approval, search }: FleetQuery) => {
    const query = rows(transaction).orderBy([
      { column: "o.created_at", order: "desc" },
      { column: "o.id", order: "desc" },
    ]);
    if (cursor !== undefined) {
      const { at, id } = readCursor(cursor);
      void query.whereRaw("(date_trunc('milliseconds', o.created_at), o.id) < (?::timestamptz, ?::uuid)", [at, id]);
    }
    if (phase !== undefined) void query.where("v.phase", phase);
    if (approval !== undefined) void query.where("o.approval", approval);
    if (search !== undefined) {
      const like = `%${escapeLike(search)}%`;
      void query.whereRaw("(lower(o.name) LIKE ? OR o.slug LIKE ?)", [like, like]);
    }
    const found = await query.limit(limit + 1);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(tenantOf),
      next: found.length > limit && last ? cursorOf(last.created_at, last.id) : null,
    };
  },
  bySlug: async (slug: string): Promise<{ id: string; view: TenantRow } | null> => {
    const [row] = await rows(transaction).where("o.slug", slug);
    return row ? { id: row.id, view: tenantOf(row) } : null;
  },
  /** False when it was decided already. */
  decide: async (id: string, approval: "approved" | "rejected"): Promise<boolean> =>
    (await transaction("organizations").where({ id, approval: "pending" }).update({ approval })) === 1,
  setActivity: async (id: string, activity: TenantRow["activity"], reason: string): Promise<void> => {
    await transaction("vaults").where({ organization_id: id }).update({ activity, activity_reason: reason });
  },
});

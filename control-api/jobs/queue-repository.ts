import type { QueueRow } from "../contract/queue.ts";
import type { Transaction } from "../db/registry-database.ts";
import { publicId } from "../ids.ts";
import { cursorOf, readCursor } from "../platform/cursor.ts";

export interface QueueQuery {
  readonly state?: QueueRow["state"] | undefined;
  /** Slug. */
  readonly organization?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type Row = {
  id: string;
  kind: string;
  payload: Record<string, string>;
  created_at: Date;
  due_at: Date;
  attempts: number;
  last_error: string | null;
  dead_at: Date | null;
  slug: string | null;
  name: string | null;
};

const stateOf = ({ dead_at, attempts }: Row): QueueRow["state"] => {
  if (dead_at) return "failed";
  return attempts === 0 ? "waiting" : "retrying";
};

const queueRowOf = (row: Row): QueueRow => {
  const { id, kind, payload, slug, name } = row;
  return {
    id: publicId("job", id),
    what: payload["letter"] === undefined ? kind : `${kind}/${payload["letter"]}`,
    organization: slug === null ? null : { slug, name: name ?? slug },
    state: stateOf(row),
    attempts: row.attempts,
    reason: row.last_error,
    createdAt: row.created_at.toISOString(),
    dueAt: row.dead_at ? null : row.due_at.toISOString(),
  };
};

const inState: Record<QueueRow["state"], string> = {
  waiting: "w.dead_at IS NULL AND w.attempts = 0",
  retrying: "w.dead_at IS NULL AND w.attempts > 0",
  failed: "w.dead_at IS NOT NULL",
};

const rows = (transaction: Transaction) =>
  transaction("outbox as w").leftJoin("organizations as o", "o.id", "w.subject").whereNull("w.done_at");

/** The outbox as staff see it: what is not done. As the platform. */
export const queueRepository = (transaction: Transaction) => {
  const open = (id: string) => transaction("outbox").where({ id }).whereNull("done_at");
  return {
    page: async ({ state, organization, limit, cursor }: QueueQuery) => {
      const query = rows(transaction)
        .orderBy(["w.created_at", "w.id"].map((column) => ({ column, order: "desc" })))
        .limit(limit + 1);
      if (state !== undefined) void query.whereRaw(inState[state]);
      if (organization !== undefined) void query.where("o.slug", organization);
      if (cursor !== undefined) {
        const { at, id } = readCursor(cursor);
        void query.whereRaw("(w.created_at, w.id) < (?::timestamptz, ?::uuid)", [at, id]);
      }
      const found = await query.select<Row[]>("w.*", "o.slug", "o.name");
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const next = found.length > limit && last ? cursorOf(last.created_at, last.id) : null;
      return { items: shown.map(queueRowOf), next };
    },
    byId: async (id: string): Promise<{ row: QueueRow; kind: string; subject: string } | null> => {
      const [row] = await rows(transaction)
        .where("w.id", id)
        .select<(Row & { subject: string })[]>("w.*", "o.slug", "o.name");
      return row ? { row: queueRowOf(row), kind: row.kind, subject: row.subject } : null;
    },
    makeDue: async (id: string, at: Date): Promise<void> => {
      await open(id).update({ dead_at: null, due_at: at });
    },
    /** Kept with its last reason, and never begun again. */
    drop: async (id: string, at: Date): Promise<void> => {
      await open(id).update({ done_at: at });
    },
  };
};

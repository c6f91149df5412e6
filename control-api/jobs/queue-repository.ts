import type { Knex } from "knex";
import type { QueueRow } from "../contract/queue.ts";
import { type Keyset, keysetPage, type Page, type PageAsked } from "../db/keyset-page.ts";
import { publicId } from "../ids.ts";
import { nameOfWork } from "./outbox.ts";

export interface QueueQuery extends PageAsked {
  readonly state?: QueueRow["state"] | undefined;
  /** Slug. */
  readonly organization?: string | undefined;
}

type Row = {
  id: string;
  kind: string;
  subject: string;
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
  const { id, slug, name } = row;
  return {
    id: publicId("job", id),
    what: nameOfWork(row),
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

const newestFirst: Keyset = [
  ["w.created_at", "timestamptz"],
  ["w.id", "uuid"],
];

const rows = (database: Knex) =>
  database("outbox as w")
    .leftJoin("organizations as o", "o.id", "w.subject")
    .whereNull("w.done_at")
    .select<Row[]>("w.*", "o.slug", "o.name");

/** The outbox as staff see it: what is not done. As the platform. */
export const queueRepository = (database: Knex) => {
  const open = (id: string) => database("outbox").where({ id }).whereNull("done_at");
  return {
    page: async ({ state, organization, ...asked }: QueueQuery): Promise<Page<QueueRow>> => {
      const query = rows(database);
      if (state !== undefined) void query.whereRaw(inState[state]);
      if (organization !== undefined) void query.where("o.slug", organization);
      const { items, next } = await keysetPage<Row>(query, newestFirst, asked);
      return { items: items.map(queueRowOf), next };
    },
    byId: async (id: string): Promise<{ row: QueueRow; kind: string; subject: string } | null> => {
      const [row] = await rows(database).where("w.id", id);
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

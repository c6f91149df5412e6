import type { Knex } from "knex";
import type { OutboxKind } from "./outbox.ts";

export interface OutboxRow {
  readonly id: string;
  readonly kind: OutboxKind;
  readonly subject: string;
  readonly payload: Readonly<Record<string, string>>;
  /** How often it was begun, this time included. Who finishes must name it: a second run that comes late changes nothing. */
  readonly attempts: number;
}

type Row = {
  id: string;
  kind: OutboxKind;
  subject: string;
  payload: Record<string, string>;
  created_at: Date;
  due_at: Date;
  attempts: number;
  last_error: string | null;
  done_at: Date | null;
  dead_at: Date | null;
};

export const outboxRepository = (database: Knex) => {
  const table = () => database<Row>("outbox");
  const open = () => table().whereNull("done_at").whereNull("dead_at");
  return {
    due: (now: Date, most: number): Promise<{ id: string; attempts: number }[]> =>
      open().andWhere("due_at", "<=", now).orderBy("due_at").limit(most).select("id", "attempts"),
    /** Takes it for a while; null when it is done, dead, or taken by somebody else. */
    begin: async (id: string, now: Date, until: Date): Promise<OutboxRow | null> => {
      const [row] = await open()
        .andWhere({ id })
        .andWhere("due_at", "<=", now)
        .update({ attempts: database.raw("attempts + 1") as unknown as number, due_at: until })
        .returning("*");
      return row
        ? { id: row.id, kind: row.kind, subject: row.subject, payload: row.payload, attempts: row.attempts }
        : null;
    },
    finish: async ({ id, attempts }: OutboxRow, now: Date): Promise<void> => {
      await open().andWhere({ id, attempts }).update({ done_at: now, last_error: null });
    },
    postpone: async ({ id, attempts }: OutboxRow, due: Date, error: string): Promise<void> => {
      await open().andWhere({ id, attempts }).update({ due_at: due, last_error: error });
    },
    /** What was given up of the same kind for the same subject is done with this: nobody need look at it any more. */
    settle: async ({ kind, subject }: OutboxRow, now: Date): Promise<void> => {
      await table().where({ kind, subject }).whereNull("done_at").whereNotNull("dead_at").update({ done_at: now });
    },
    bury: async ({ id, attempts }: OutboxRow, now: Date, error: string): Promise<void> => {
      await open().andWhere({ id, attempts }).update({ dead_at: now, last_error: error });
    },
  };
};

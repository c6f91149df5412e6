import type { Knex } from "knex";
import { newId } from "../ids.ts";
import type { Transaction } from "../db/registry-database.ts";

/** What may be left to be done after a change. Jobs carry ids, not snapshots: the worker reads what is so then. */
export const outboxKinds = ["mail", "publish-tenant"] as const;
export type OutboxKind = (typeof outboxKinds)[number];

export interface NewWork {
  readonly kind: OutboxKind;
  /** UUID of what it is about. */
  readonly subject: string;
  readonly payload?: Record<string, string>;
  readonly at: Date;
}

/** What a row is called for people: its kind, or which mail it is (`mail/welcome`). */
export const nameOfWork = ({ kind, payload }: { kind: string; payload: Readonly<Record<string, string>> }): string =>
  payload["letter"] === undefined ? kind : `${kind}/${payload["letter"]}`;

/** Whoever works off the outbox listens to it; told only once the change is committed. */
export const outboxChannel = "outbox";

const nudge = (database: Knex): Knex.Raw => database.raw("pg_notify(?, '')", [outboxChannel]);

/** Has the worker look into the outbox once this transaction is committed. */
export const nudgeWorker = async (transaction: Transaction): Promise<void> => {
  await transaction.select(nudge(transaction));
};

/** Leaves work behind in the same transaction as the change that asks for it; it is done once that is committed. */
export const leaveWork = async (transaction: Transaction, { kind, subject, payload, at }: NewWork): Promise<void> => {
  const row = { id: newId(), kind, subject, payload: JSON.stringify(payload ?? {}), created_at: at, due_at: at };
  await transaction("outbox").insert(row).returning(nudge(transaction));
};

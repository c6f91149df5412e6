import type { Transaction } from "../db/registry-database.ts";
import { nameOfWork } from "../jobs/outbox.ts";

/** One thing that happened to an organization or its vault, or is still to happen. */
export interface TimelineEntry {
  readonly at: Date;
  readonly kind: "audit" | "work" | "vault";
  readonly what: string;
  readonly detail: string;
  /** A name, or system. */
  readonly actor: string;
}

type Worked = {
  created_at: Date;
  kind: string;
  payload: Record<string, string>;
  attempts: number;
  last_error: string | null;
  done_at: Date | null;
  dead_at: Date | null;
};

const most = 100;

const fateOf = ({ attempts, last_error, done_at, dead_at }: Worked): string => {
  const why = last_error === null ? "" : `: ${last_error}`;
  if (done_at) return `${dead_at || last_error !== null ? "put aside" : "done"}${why}`;
  return `${dead_at ? "given up" : "waits"} after ${String(attempts)} tries${why}`;
};

type Audited = { at: Date; action: string; detail: object; actor: string; name: string | null };

const audited = async (transaction: Transaction, organizationId: string): Promise<TimelineEntry[]> => {
  const rows = await transaction("audit_log as a")
    .joinRaw("LEFT JOIN people p ON p.id = CASE WHEN starts_with(a.actor, 'person:') THEN substr(a.actor, 8)::uuid END")
    .where("a.organization_id", organizationId)
    .orderBy("a.number", "desc")
    .limit(most)
    .select<Audited[]>("a.at", "a.action", "a.detail", "a.actor", "p.name");
  return rows.map(({ at, action, detail, actor, name }) => ({
    at,
    kind: "audit",
    what: action,
    detail: Object.keys(detail).length === 0 ? "" : JSON.stringify(detail),
    actor: name ?? actor,
  }));
};

const worked = async (transaction: Transaction, organizationId: string): Promise<TimelineEntry[]> => {
  const rows = await transaction("outbox")
    .where({ subject: organizationId })
    .orderBy([
      { column: "created_at", order: "desc" },
      { column: "id", order: "desc" },
    ])
    .limit(most)
    .select<Worked[]>();
  return rows.map((row) => ({
    at: row.created_at,
    kind: "work",
    what: nameOfWork(row),
    detail: fateOf(row),
    actor: "system",
  }));
};

type Moment = { at: Date; phase: string; reason: string; message: string };

const observed = async (transaction: Transaction, organizationId: string): Promise<TimelineEntry[]> => {
  const rows = await transaction("vault_history")
    .where({ organization_id: organizationId })
    .orderBy("at", "desc")
    .limit(most)
    .select<Moment[]>("at", "phase", "reason", "message");
  return rows.map(({ at, phase, reason, message }) => ({
    at,
    kind: "vault",
    what: phase,
    detail: [reason, message].filter((text) => text !== "").join(": "),
    actor: "system",
  }));
};

/** What people did to an organization, what was done about it and how its vault went, newest first. As the platform. */
export const timelineOf = async (transaction: Transaction, organizationId: string): Promise<TimelineEntry[]> => {
  // Of one moment, deeds and what became of the vault came before the work that they left.
  const parts = [
    await worked(transaction, organizationId),
    await observed(transaction, organizationId),
    await audited(transaction, organizationId),
  ];
  return parts.flat().sort((a, b) => b.at.getTime() - a.at.getTime());
};

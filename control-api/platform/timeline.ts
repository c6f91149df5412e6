import type { Transaction } from "../db/registry-database.ts";

/** One thing that happened to an organization, or is still to happen. */
export interface TimelineEntry {
  readonly at: Date;
  readonly kind: "audit" | "work";
  readonly what: string;
  readonly detail: string;
  readonly actor: string;
}

type Worked = {
  created_at: Date;
  kind: string;
  attempts: number;
  last_error: string | null;
  done_at: Date | null;
  dead_at: Date | null;
};

const most = 100;

const fateOf = ({ attempts, last_error, done_at, dead_at }: Worked): string => {
  if (done_at) return "done";
  const why = last_error === null ? "" : `: ${last_error}`;
  return `${dead_at ? "given up" : "waits"} after ${String(attempts)} tries${why}`;
};

/** What people did to an organization and what was done about it, newest first. As the platform. */
export const timelineOf = async (transaction: Transaction, organizationId: string): Promise<TimelineEntry[]> => {
  const audited = await transaction("audit_log")
    .where({ organization_id: organizationId })
    .orderBy("number", "desc")
    .limit(most)
    .select<{ at: Date; action: string; subject: string; actor: string }[]>("at", "action", "subject", "actor");
  const worked = await transaction("outbox")
    .where({ subject: organizationId })
    .orderBy("created_at", "desc")
    .limit(most)
    .select<Worked[]>();
  return [
    ...audited.map(({ at, action, subject, actor }) => ({
      at,
      kind: "audit" as const,
      what: action,
      detail: subject,
      actor,
    })),
    ...worked.map((row) => ({
      at: row.created_at,
      kind: "work" as const,
      what: row.kind,
      detail: fateOf(row),
      actor: "system",
    })),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
};

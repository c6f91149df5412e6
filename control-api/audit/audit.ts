import type { Transaction } from "../db/registry-database.ts";
import type { Actor } from "../http/call.ts";

/** One change, as the audit log keeps it. Never holds a secret, and no mail address: people are named by id. */
export interface AuditEntry {
  /** UUID; null for what concerns no one organization. */
  readonly organizationId: string | null;
  readonly at: Date;
  /** `person:<uuid>`, `system` or `visitor`. */
  readonly actor: string;
  /** What was done, for example organization.registered. */
  readonly action: string;
  /** To what, for example organization:<uuid>. */
  readonly subject: string;
  readonly detail?: Record<string, unknown>;
  readonly requestId: string;
}

/** Who did it, when, and in which request: what all entries of one call share. */
export const by = ({ person, circumstances }: Actor, at: Date): Pick<AuditEntry, "at" | "actor" | "requestId"> => ({
  at,
  actor: `person:${person.id}`,
  requestId: circumstances.requestId,
});

/** Writes it in the same transaction as the change itself: both are there or neither. */
export const audit = async (transaction: Transaction, entry: AuditEntry): Promise<void> => {
  await transaction("audit_log").insert({
    organization_id: entry.organizationId,
    at: entry.at,
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    detail: JSON.stringify(entry.detail ?? {}),
    request_id: entry.requestId,
  });
};

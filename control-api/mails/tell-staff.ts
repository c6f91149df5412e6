import { hour, later } from "../clock.ts";
import type { Transaction } from "../db/registry-database.ts";
import { leaveWork } from "../jobs/outbox.ts";

/** What fails and heals and fails again is told this often at most. */
const againAfterMs = hour;

/** Leaves a mail to each of the platform's admins about an organization (UUID). As the platform. */
export const tellStaff = async (
  transaction: Transaction,
  letter: "approval" | "failure",
  organizationId: string,
  at: Date,
): Promise<void> => {
  const told = await transaction("outbox")
    .where({ kind: "mail", subject: organizationId })
    .andWhere("created_at", ">", later(at, -againAfterMs))
    .whereRaw("payload ->> 'letter' = ?", [letter])
    .first<object | undefined>("id");
  if (told) return;
  const staff = await transaction("people").where({ platform_role: "admin" }).select<{ id: string }[]>("id");
  for (const { id } of staff) {
    await leaveWork(transaction, { kind: "mail", subject: organizationId, payload: { letter, person: id }, at });
  }
};

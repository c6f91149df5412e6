import { takeStep } from "../affiliations/take-step.ts";
import { audit } from "../audit/audit.ts";
import { day, later } from "../clock.ts";
import type { Transaction } from "../db/registry-database.ts";
import { notFound } from "../errors.ts";
import { leaveWork } from "../jobs/outbox.ts";

export interface Closing {
  /** UUIDs. */
  readonly organizationId: string;
  readonly personId: string;
  readonly at: Date;
  readonly requestId: string;
  /** As the audit log has it; organization.closed when nothing else is said. */
  readonly action?: string;
  readonly detail?: Record<string, unknown>;
}

/** How long nobody else gets the address: as long as a vault is kept by default. */
const slugHeldMs = 30 * day;

type Pair = { umbrella_id: string; collective_id: string };

const endAffiliations = async (
  transaction: Transaction,
  { organizationId, personId, at, requestId }: Closing,
): Promise<void> => {
  const who = { personId, at, requestId };
  const touching = (table: string) =>
    transaction(table)
      .where((either) => void either.where({ umbrella_id: organizationId }).orWhere({ collective_id: organizationId }))
      .select<Pair[]>("umbrella_id", "collective_id");
  const pairOf = ({ umbrella_id, collective_id }: Pair) => ({ umbrellaId: umbrella_id, collectiveId: collective_id });
  const sideIn = ({ umbrella_id }: Pair) => (umbrella_id === organizationId ? "umbrella" : "collective");
  for (const row of await touching("affiliations")) {
    const by = sideIn(row);
    await takeStep(transaction, { ...who, pair: pairOf(row), by, act: by === "umbrella" ? "remove" : "leave" });
  }
  for (const row of await touching("affiliation_requests").where({ status: "pending" })) {
    const by = sideIn(row);
    await takeStep(transaction, { ...who, pair: pairOf(row), by, act: by === "umbrella" ? "reject" : "withdraw" });
  }
};

/**
 * Closes an organization: its affiliations and its subscription end, nobody else gets its address for a while, and its
 * Tenant is deleted by the worker, which leaves the data for the Tenant's retention time. Throws 404 for one that is closed
 * already. As the platform.
 */
export const closeOrganization = async (transaction: Transaction, closing: Closing): Promise<void> => {
  const { organizationId, personId, at, requestId, action = "organization.closed", detail = {} } = closing;
  // First, so that of several at once the others wait for it and then find it closed.
  const open = transaction("organizations").where({ id: organizationId }).whereNull("closed_at");
  if ((await open.update({ closed_at: at })) !== 1) throw notFound("This organization");
  await endAffiliations(transaction, closing);
  await transaction("subscriptions").where({ organization_id: organizationId }).update({ status: "canceled" });
  await transaction("slugs")
    .where({ holder_id: organizationId })
    .update({ expires_at: later(at, slugHeldMs) });
  await leaveWork(transaction, { kind: "publish-tenant", subject: organizationId, at });
  await audit(transaction, {
    organizationId,
    at,
    actor: `person:${personId}`,
    action,
    subject: `organization:${organizationId}`,
    detail,
    requestId,
  });
};

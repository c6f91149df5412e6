import type { Transaction } from "../db/registry-database.ts";
import { newId } from "../ids.ts";
import type { AffiliationEvent, AffiliationState } from "./affiliation-machine.ts";

/** UUIDs. */
export interface Pair {
  readonly umbrellaId: string;
  readonly collectiveId: string;
}

export interface AffiliationRequest extends Pair {
  readonly id: string;
  readonly status: "pending" | "approved" | "rejected" | "withdrawn";
  readonly message: string;
  readonly requestedAt: Date;
  readonly respondedAt: Date | null;
  readonly response: string;
}

type RequestRow = {
  id: string;
  umbrella_id: string;
  collective_id: string;
  status: AffiliationRequest["status"];
  message: string;
  requested_at: Date;
  responded_at: Date | null;
  response: string;
};

const columns = ({ umbrellaId, collectiveId }: Pair) => ({ umbrella_id: umbrellaId, collective_id: collectiveId });

const requestOf = (row: RequestRow): AffiliationRequest => ({
  id: row.id,
  umbrellaId: row.umbrella_id,
  collectiveId: row.collective_id,
  status: row.status,
  message: row.message,
  requestedAt: row.requested_at,
  respondedAt: row.responded_at,
  response: row.response,
});

/** The invitation behind this link, while it is open. */
const holding = (transaction: Transaction, tokenHash: string, now: Date) =>
  transaction("affiliation_invitations")
    .where({ token_hash: tokenHash })
    .whereNull("revoked_at")
    .andWhere("expires_at", ">", now)
    .andWhereRaw("(most_uses IS NULL OR uses < most_uses)");

export const affiliationRepository = (transaction: Transaction) => {
  const requests = () => transaction<RequestRow>("affiliation_requests");
  return {
    /** Where the two stand. Waits for whoever else is changing that, and makes others wait until this transaction ends. */
    stateOf: async (pair: Pair): Promise<AffiliationState> => {
      await transaction.raw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", [
        `affiliation ${pair.umbrellaId} ${pair.collectiveId}`,
      ]);
      if (await transaction("affiliations").where(columns(pair)).first("id")) return "affiliated";
      const waiting = await requests()
        .where({ ...columns(pair), status: "pending" })
        .first("id");
      return waiting ? "requested" : "none";
    },
    request: async (id: string): Promise<AffiliationRequest | null> => {
      const row = await requests().where({ id }).first();
      return row ? requestOf(row) : null;
    },
    addRequest: async (pair: Pair, request: { id: string; message: string; by: string; at: Date }): Promise<void> => {
      await transaction("affiliation_requests").insert({
        id: request.id,
        ...columns(pair),
        status: "pending",
        message: request.message,
        requested_by: request.by,
        requested_at: request.at,
      });
    },
    /** Answers what waits between the two; nothing happens when nothing waits. */
    answer: async (
      pair: Pair,
      answer: { status: "approved" | "rejected" | "withdrawn"; by: string; at: Date; response: string },
    ): Promise<void> => {
      await transaction("affiliation_requests")
        .where({ ...columns(pair), status: "pending" })
        .update({ status: answer.status, responded_by: answer.by, responded_at: answer.at, response: answer.response });
    },
    affiliate: async (pair: Pair, at: Date): Promise<void> => {
      await transaction("affiliations").insert({ id: newId(), ...columns(pair), created_at: at });
    },
    end: async (pair: Pair): Promise<void> => {
      await transaction("affiliations").where(columns(pair)).delete();
    },
    remember: async (pair: Pair, event: AffiliationEvent, by: string, at: Date): Promise<void> => {
      await transaction("affiliation_history").insert({ id: newId(), ...columns(pair), event, person_id: by, at });
    },
    /** Whose invitation it is, while it holds; null otherwise. */
    invitingUmbrella: async (tokenHash: string, now: Date): Promise<{ slug: string; name: string } | null> => {
      const row = await holding(transaction, tokenHash, now)
        .join("organizations as o", "o.id", "umbrella_id")
        .first<{ slug: string; name: string } | undefined>("o.slug", "o.name");
      return row ?? null;
    },
    /** The umbrella of an invitation that still holds, with one use of it spent; null when there is none. */
    spendInvitation: async (tokenHash: string, now: Date): Promise<string | null> => {
      const [used] = await holding(transaction, tokenHash, now)
        .update({ uses: transaction.raw("uses + 1") })
        .returning<{ umbrella_id: string }[]>("umbrella_id");
      return used?.umbrella_id ?? null;
    },
    openUmbrella: async (slug: string): Promise<{ id: string } | null> => {
      const row = await transaction("organizations")
        .where({ slug, type: "umbrella" })
        .whereNull("closed_at")
        .first<{ id: string } | undefined>("id");
      return row ?? null;
    },
  };
};

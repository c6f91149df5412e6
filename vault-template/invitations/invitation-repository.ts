import type { Knex } from "knex";
import type { InvitableRole } from "../members/member.ts";
import { sameEmail } from "../members/member-repository.ts";
import type { Invitation } from "./invitation.ts";

interface Row {
  id: string;
  email: string;
  role: InvitableRole;
  token_hash: string;
  invited_by: string | null;
  created_at: Date;
  expires_at: Date;
  accepted_at: Date | null;
  revoked_at: Date | null;
}

export interface NewInvitation {
  email: string;
  role: InvitableRole;
  tokenHash: string;
  invitedBy: string;
  at: Date;
  expiresAt: Date;
}

export interface InvitationRepository {
  /** Until the transaction ends, nobody else invites: one open invitation per address, and counts stay exact. */
  queue(): Promise<void>;
  /** Neither accepted nor withdrawn, newest first; those past their time too, so that they can be renewed. */
  open(): Promise<Invitation[]>;
  madeSince(time: Date): Promise<number>;
  add(invitation: NewInvitation): Promise<Invitation>;
  /** A new token for an open invitation; the old one stops working. */
  renew(id: string, tokenHash: string, expiresAt: Date): Promise<Invitation | null>;
  withdraw(id: string, at: Date): Promise<boolean>;
  withdrawFor(email: string, at: Date): Promise<void>;
  peek(tokenHashes: string[], now: Date): Promise<Invitation | null>;
  accept(tokenHashes: string[], now: Date): Promise<Invitation | null>;
}

const invitationOf = (row: Row): Invitation => ({
  id: row.id,
  email: row.email,
  role: row.role,
  invitedAt: row.created_at,
  expiresAt: row.expires_at,
});

const queueLock = "7310021555";

/** Invitations in PostgreSQL; `database` may be a transaction. */
export function invitationRepository(database: Knex): InvitationRepository {
  const all = () => database<Row>("invitations");
  const open = () => all().whereNull("accepted_at").whereNull("revoked_at");
  const orNull = (row: Row | undefined) => (row ? invitationOf(row) : null);
  return {
    queue: async () => {
      await database.raw(`SELECT pg_advisory_xact_lock(${queueLock})`);
    },
    open: async () => (await open().orderBy("created_at", "desc").limit(500)).map(invitationOf),
    madeSince: async (time) =>
      Number((await all().where("created_at", ">", time).count({ value: "*" }))[0]?.["value"] ?? 0),
    add: async (invitation) => {
      const rows = await all()
        .insert({
          email: invitation.email,
          role: invitation.role,
          token_hash: invitation.tokenHash,
          invited_by: invitation.invitedBy,
          created_at: invitation.at,
          expires_at: invitation.expiresAt,
        })
        .returning("*");
      return invitationOf(rows[0] as Row);
    },
    renew: async (id, tokenHash, expiresAt) => {
      const rows = await open().where({ id }).update({ token_hash: tokenHash, expires_at: expiresAt }).returning("*");
      return orNull(rows[0]);
    },
    withdraw: async (id, at) => (await open().where({ id }).update({ revoked_at: at })) > 0,
    withdrawFor: async (email, at) => {
      await open().whereRaw(sameEmail, [email]).update({ revoked_at: at });
    },
    peek: async (tokenHashes, now) =>
      orNull(await open().whereIn("token_hash", tokenHashes).where("expires_at", ">", now).first()),
    accept: async (tokenHashes, now) => {
      const query = open().whereIn("token_hash", tokenHashes).where("expires_at", ">", now);
      const rows = await query.update({ accepted_at: now }).returning("*");
      return orNull(rows[0]);
    },
  };
}

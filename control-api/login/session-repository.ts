import type { Transaction } from "../db/registry-database.ts";

export interface Session {
  readonly id: string;
  readonly personId: string;
  readonly userAgent: string;
  readonly address: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

type Row = {
  id: string;
  person_id: string;
  token_hash: string;
  user_agent: string;
  address: string;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
};

const sessionOf = (row: Row): Session => ({
  id: row.id,
  personId: row.person_id,
  userAgent: row.user_agent,
  address: row.address,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  expiresAt: row.expires_at,
});

export const sessionRepository = (transaction: Transaction) => {
  const table = () => transaction<Row>("sessions");
  const open = (now: Date) => table().whereNull("revoked_at").andWhere("expires_at", ">", now);
  return {
    add: async (session: Session, tokenHash: string): Promise<void> => {
      await table().insert({
        id: session.id,
        person_id: session.personId,
        token_hash: tokenHash,
        user_agent: session.userAgent,
        address: session.address,
        created_at: session.createdAt,
        last_seen_at: session.lastSeenAt,
        expires_at: session.expiresAt,
      });
    },
    openOf: async (personId: string, now: Date): Promise<Session[]> =>
      (await open(now).andWhere({ person_id: personId }).orderBy("last_seen_at", "desc").limit(100)).map(sessionOf),
    /** Whether this person has ever been logged in at this address. */
    hasBeenAt: async (personId: string, address: string): Promise<boolean> =>
      (await table().where({ person_id: personId, address }).first("id")) !== undefined,
    /** How many were ended; 0 when it is none of this person's. */
    revoke: (id: string, personId: string, at: Date): Promise<number> =>
      table().where({ id, person_id: personId }).whereNull("revoked_at").update({ revoked_at: at }),
    revokeAll: async (personId: string, at: Date): Promise<void> => {
      await table().where({ person_id: personId }).whereNull("revoked_at").update({ revoked_at: at });
    },
  };
};

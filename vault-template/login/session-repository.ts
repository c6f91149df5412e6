import type { Knex } from "knex";
import type { Member } from "../members/member.ts";
import { memberOf } from "../members/member-repository.ts";

interface Row {
  member_id: string;
  token_hash: string;
  created_at: Date;
  expires_at: Date;
}

export interface SessionRepository {
  add(memberId: string, tokenHash: string, at: Date, expiresAt: Date): Promise<void>;
  member(tokenHashes: string[], now: Date): Promise<Member | null>;
  end(tokenHashes: string[]): Promise<void>;
  forgetExpired(now: Date): Promise<void>;
}

/** Sessions in PostgreSQL; `database` may be a transaction. */
export function sessionRepository(database: Knex): SessionRepository {
  const sessions = () => database<Row>("sessions");
  return {
    add: async (memberId, tokenHash, at, expiresAt) => {
      await sessions().insert({ member_id: memberId, token_hash: tokenHash, created_at: at, expires_at: expiresAt });
    },
    member: async (tokenHashes, now) => {
      const row = await database("members")
        .join("sessions", "sessions.member_id", "members.id")
        .whereIn("sessions.token_hash", tokenHashes)
        .where("sessions.expires_at", ">", now)
        .first<Parameters<typeof memberOf>[0] | undefined>("members.*");
      return row ? memberOf(row) : null;
    },
    end: async (tokenHashes) => {
      await sessions().whereIn("token_hash", tokenHashes).delete();
    },
    forgetExpired: async (now) => {
      await sessions().where("expires_at", "<=", now).delete();
    },
  };
}

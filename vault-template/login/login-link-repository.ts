import type { Knex } from "knex";
import { sameEmail } from "../members/member-repository.ts";

interface Row {
  id: string;
  email: string;
  address_hash: string;
  member_id: string | null;
  token_hash: string;
  created_at: Date;
  expires_at: Date;
  spent_at: Date | null;
}

export interface NewLoginLink {
  email: string;
  addressHash: string;
  tokenHash: string;
  at: Date;
  expiresAt: Date;
}

export interface AskedBefore {
  byEmail: number;
  byAddress: number;
  inAll: number;
}

export interface LoginLinkRepository {
  /** Until the transaction ends, nobody else asks for a link: counts stay exact. */
  queue(): Promise<void>;
  askedSince(since: Date, email: string, addressHashes: string[]): Promise<AskedBefore>;
  /** Stores the request whoever asks; the answer is the member's id if the address is a member's. */
  add(link: NewLoginLink): Promise<string | null>;
  /** The member behind a link that still works. */
  peek(tokenHashes: string[], now: Date): Promise<string | null>;
  /** Spends a link that still works, and every other link of its member. */
  spend(tokenHashes: string[], now: Date): Promise<string | null>;
  forgetBefore(time: Date): Promise<void>;
}

// Any constant that nothing else in this database locks.
const queueLock = "7310021554";

/** Login links in PostgreSQL. The table is also the record that limits requests, so it works while read-only. */
export function loginLinkRepository(database: Knex): LoginLinkRepository {
  const links = () => database<Row>("login_links");
  const working = (tokenHashes: string[], now: Date) =>
    links()
      .whereIn("token_hash", tokenHashes)
      .whereNull("spent_at")
      .whereNotNull("member_id")
      .where("expires_at", ">", now);
  return {
    queue: async () => {
      await database.raw(`SELECT pg_advisory_xact_lock(${queueLock})`);
    },
    askedSince: async (since, email, addressHashes) => {
      const counted = await database.raw<{ rows: { by_email: string; by_address: string; in_all: string }[] }>(
        `SELECT count(*) FILTER (WHERE ${sameEmail}) AS by_email,
                count(*) FILTER (WHERE address_hash = ANY (?)) AS by_address, count(*) AS in_all
           FROM login_links WHERE created_at > ?`,
        [email, addressHashes, since],
      );
      const row = counted.rows[0];
      return { byEmail: Number(row?.by_email), byAddress: Number(row?.by_address), inAll: Number(row?.in_all) };
    },
    add: async (link) => {
      const rows = await links()
        .insert({
          email: link.email,
          address_hash: link.addressHash,
          member_id: database("members").select("id").whereRaw(sameEmail, [link.email]) as unknown as string,
          token_hash: link.tokenHash,
          created_at: link.at,
          expires_at: link.expiresAt,
        })
        .returning("member_id");
      return rows[0]?.member_id ?? null;
    },
    peek: async (tokenHashes, now) => (await working(tokenHashes, now).first())?.member_id ?? null,
    spend: async (tokenHashes, now) => {
      const rows = await working(tokenHashes, now).update({ spent_at: now }).returning("member_id");
      const memberId = rows[0]?.member_id ?? null;
      if (memberId !== null)
        await links().where({ member_id: memberId }).whereNull("spent_at").update({ spent_at: now });
      return memberId;
    },
    forgetBefore: async (time) => {
      await links().where("created_at", "<", time).delete();
    },
  };
}

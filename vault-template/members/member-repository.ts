import type { Knex } from "knex";
import type { VoicePart } from "../voice-parts/voice-part.ts";
import type { Member, Role } from "./member.ts";

interface Row {
  id: string;
  email: string;
  name: string;
  role: Role;
  named_by_platform: boolean;
  created_at: Date;
  first_login_at: Date | null;
  /** Missing before schema 2. */
  voice_part?: VoicePart | null;
}

export interface NewMember {
  email: string;
  name: string;
  role: Role;
  namedByPlatform: boolean;
  at: Date;
  firstLoginAt: Date | null;
}

/** Where a page of the list begins: after this member. */
export interface Place {
  name: string;
  id: string;
}

export interface MemberRepository {
  find(id: string): Promise<Member | null>;
  findByEmail(email: string): Promise<Member | null>;
  namedByPlatform(): Promise<Member | null>;
  count(): Promise<number>;
  /** By name, at most `limit`. */
  list(limit: number, after: Place | null): Promise<Member[]>;
  /** Null when somebody has this address already. */
  add(member: NewMember): Promise<Member | null>;
  change(id: string, changes: Partial<Pick<Member, "email" | "name" | "role" | "namedByPlatform">>): Promise<void>;
  noteFirstLogin(id: string, at: Date): Promise<void>;
  /** From schema 2 on. */
  sings(id: string, part: VoicePart | null): Promise<void>;
}

export const memberOf = (row: Row): Member => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  namedByPlatform: row.named_by_platform,
  joinedAt: row.created_at,
  firstLoginAt: row.first_login_at,
  voicePart: row.voice_part ?? null,
});

export const sameEmail = 'lower(email COLLATE "C") = lower(? COLLATE "C")';

/** Members in PostgreSQL; `database` may be a transaction. */
export function memberRepository(database: Knex): MemberRepository {
  const members = () => database<Row>("members");
  const orNull = (row: Row | undefined) => (row ? memberOf(row) : null);
  return {
    find: async (id) => orNull(await members().where({ id }).first()),
    findByEmail: async (email) => orNull(await members().whereRaw(sameEmail, [email]).first()),
    namedByPlatform: async () => orNull(await members().where({ named_by_platform: true }).first()),
    count: async () => Number((await members().count({ value: "*" }))[0]?.["value"] ?? 0),
    list: async (limit, after) => {
      const query = members().orderByRaw("lower(name), id").limit(limit);
      if (after) void query.whereRaw("(lower(name), id) > (lower(?), ?::uuid)", [after.name, after.id]);
      return (await query).map(memberOf);
    },
    add: async (member) => {
      const rows = await members()
        .insert({
          email: member.email,
          name: member.name,
          role: member.role,
          named_by_platform: member.namedByPlatform,
          created_at: member.at,
          first_login_at: member.firstLoginAt,
        })
        .onConflict(database.raw('(lower(email COLLATE "C"))') as unknown as string)
        .ignore()
        .returning("*");
      return orNull(rows[0]);
    },
    change: async (id, { namedByPlatform, ...rest }) => {
      await members()
        .where({ id })
        .update({ ...rest, ...(namedByPlatform === undefined ? {} : { named_by_platform: namedByPlatform }) });
    },
    noteFirstLogin: async (id, at) => {
      await members().where({ id }).whereNull("first_login_at").update({ first_login_at: at });
    },
    sings: async (id, part) => {
      await members().where({ id }).update({ voice_part: part });
    },
  };
}

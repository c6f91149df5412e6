import * as z from "zod";
import type { Database } from "../db/connect.ts";
import { invalidInput } from "../errors.ts";
import type { VoicePart } from "../voice-parts/voice-part.ts";
import type { Member } from "./member.ts";
import { memberRepository, type Place } from "./member-repository.ts";

export interface MemberPage {
  members: Member[];
  /** Give it as `after` for the rest; null at the end. */
  next: string | null;
}

export interface MemberService {
  count(): Promise<number>;
  page(limit: number, after: string | null): Promise<MemberPage>;
  /** Says what a member sings; null takes it back. */
  sings(id: string, part: VoicePart | null): Promise<void>;
}

const Cursor = z.tuple([z.string().max(1000), z.guid()]);

const placeOf = (cursor: string): Place => {
  try {
    const [name, id] = Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return { name, id };
  } catch {
    throw invalidInput("/after", "Give the value of `next` from the page before, or leave it out.");
  }
};

const cursorAfter = (member: Member): string =>
  Buffer.from(JSON.stringify([member.name, member.id])).toString("base64url");

/** The list of members, and what they sing. */
export function memberService(database: Database): MemberService {
  const members = memberRepository(database);
  return {
    count: () => members.count(),
    sings: (id, part) => members.sings(id, part),
    page: async (limit, after) => {
      // One more than asked for, to know whether there is a next page.
      const found = await members.list(limit + 1, after === null ? null : placeOf(after));
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { members: page, next: found.length > limit && last ? cursorAfter(last) : null };
    },
  };
}

import type { Database } from "../db/connect.ts";
import { notAllowed } from "../errors.ts";
import type { Invitation } from "../invitations/invitation.ts";
import { invitationRepository } from "../invitations/invitation-repository.ts";
import { managesMembers, type Member } from "../members/member.ts";
import { memberRepository } from "../members/member-repository.ts";

/** Taking everything along. Works while the vault is read-only, too. */
export interface ExportService {
  /** Every member, read page by page. Throws notAllowed. */
  members(by: Member): AsyncIterable<Member>;
  /** Throws notAllowed. */
  openInvitations(by: Member): Promise<Invitation[]>;
}

const pageSize = 200;

const manages = (by: Member) => {
  if (!managesMembers(by.role)) throw notAllowed("Only the choir's owner and admins export its data. Ask one of them.");
};

export function exportService(database: Database): ExportService {
  async function* everyMember(): AsyncIterable<Member> {
    const members = memberRepository(database);
    for (let last: Member | null = null; ;) {
      const page: Member[] = await members.list(pageSize, last);
      yield* page;
      last = page.at(-1) ?? null;
      if (page.length < pageSize) return;
    }
  }
  return {
    members: (by) => {
      manages(by);
      return everyMember();
    },
    openInvitations: (by) => {
      manages(by);
      return invitationRepository(database).open();
    },
  };
}

import type { MemberView } from "../../../../../control-api/contract/members.ts";
import { isAtLeast, type Role, roles } from "../../../../../control-api/contract/route-contract.ts";

export interface MemberRights {
  /** The roles that this member may be given by whoever looks; only the present one when there is no choice. */
  readonly roles: readonly Role[];
  readonly mayRemove: boolean;
  /** Nobody else owns the organization: this one stays until somebody else does. */
  readonly isLastOwner: boolean;
}

/** Roles that somebody may give to others: owners are made by owners only. Pure. */
export const rolesToGive = (own: Role): readonly Role[] => (own === "owner" ? roles : roles.slice(1));

/** What whoever looks, with the role `own`, may do with a member. The API refuses the rest; this hides it. Pure. */
export const memberRights = (
  member: MemberView,
  all: readonly MemberView[],
  me: { readonly id: string; readonly role: Role },
): MemberRights => {
  const isLastOwner = member.role === "owner" && all.filter(({ role }) => role === "owner").length === 1;
  const maySteer = isAtLeast(me.role, "admin") && (member.role !== "owner" || me.role === "owner");
  return {
    roles: maySteer && !isLastOwner ? rolesToGive(me.role) : [member.role],
    mayRemove: !isLastOwner && (maySteer || member.id === me.id),
    isLastOwner,
  };
};

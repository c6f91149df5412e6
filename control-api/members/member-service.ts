import { audit, by } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { MemberView } from "../contract/members.ts";
import type { Role } from "../contract/route-contract.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { forbidden, notFound, problem } from "../errors.ts";
import type { ActingMember, Membership } from "../http/call.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { refuseTooManyOwned } from "../organizations/ownership-limit.ts";
import { memberRepository } from "./member-repository.ts";

export interface MemberService {
  list(membership: Membership): Promise<MemberView[]>;
  /** Throws 403 when an admin touches an owner, 409 when no owner would be left. */
  changeRole(who: ActingMember, personId: string, role: Role): Promise<MemberView>;
  /** Anybody may leave; removing others is the admins'. */
  remove(who: ActingMember, personId: string): Promise<void>;
}

const lastOwner = () =>
  problem(
    "last-owner",
    "An organization needs an owner. Make somebody else an owner first, or close the organization.",
  );

export interface MemberServiceDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  /** How many organizations one account may own. */
  readonly mostOwned: number;
}

export const createMemberService = ({ registry, clock, mostOwned }: MemberServiceDeps): MemberService => {
  const within = <T>(
    { person, membership }: ActingMember,
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> => registry.within({ organizationId: membership.organizationId, personId: person.id }, work);

  const found = async (transaction: Transaction, organizationId: string, personId: string): Promise<MemberView> => {
    const member = await memberRepository(transaction).find(organizationId, personId);
    if (!member) throw notFound("This member");
    return member;
  };

  /** The owner whose vault it is may be another now, so the Tenant is published anew. */
  const note = async (
    transaction: Transaction,
    who: ActingMember,
    what: { action: string; personId: string; detail?: object },
  ) => {
    const { organizationId } = who.membership;
    const at = clock.now();
    await leaveWork(transaction, { kind: "publish-tenant", subject: organizationId, at });
    await audit(transaction, {
      ...by(who, at),
      organizationId,
      action: what.action,
      subject: `person:${what.personId}`,
      detail: { ...what.detail },
    });
  };

  return {
    list: ({ organizationId }) =>
      registry.within({ organizationId }, (transaction) => memberRepository(transaction).list(organizationId)),
    changeRole: (who, personId, role) => {
      // What a new owner owns elsewhere counts, and only the platform sees that.
      const inScope: typeof within = role === "owner" ? (_who, work) => registry.asPlatform(work) : within;
      return inScope(who, async (transaction) => {
        const { organizationId, role: own } = who.membership;
        const members = memberRepository(transaction);
        const owners = await members.lockOwners(organizationId);
        const before = await found(transaction, organizationId, personId);
        if (own !== "owner" && (before.role === "owner" || role === "owner"))
          throw forbidden("Only an owner makes or unmakes owners.");
        if (before.role === "owner" && role !== "owner" && owners === 1) throw lastOwner();
        if (role === "owner" && before.role !== "owner") await refuseTooManyOwned(transaction, personId, mostOwned);
        await members.setRole(organizationId, personId, role);
        await note(transaction, who, {
          action: "member.role-changed",
          personId,
          detail: { from: before.role, to: role },
        });
        return found(transaction, organizationId, personId);
      });
    },
    remove: (who, personId) =>
      within(who, async (transaction) => {
        const { organizationId, role: own } = who.membership;
        const isSelf = personId === who.person.id;
        const members = memberRepository(transaction);
        const owners = await members.lockOwners(organizationId);
        const before = await found(transaction, organizationId, personId);
        if (!isSelf && own !== "owner" && own !== "admin") throw forbidden("Removing others needs an admin or owner.");
        if (before.role === "owner" && own !== "owner") throw forbidden("Only an owner removes an owner.");
        if (before.role === "owner" && owners === 1) throw lastOwner();
        await members.remove(organizationId, personId);
        await note(transaction, who, { action: isSelf ? "member.left" : "member.removed", personId });
      }),
  };
};

import { audit, by } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { forbidden, invalid, notFound } from "../errors.ts";
import type { ActingMember } from "../http/call.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { memberRepository } from "../members/member-repository.ts";
import { refuseTooManyOwned } from "./ownership-limit.ts";

export interface Transfer {
  /** UUID of a member. */
  readonly to: string;
  /** The organization's slug, typed. */
  readonly confirm: string;
}

export interface TransferDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  readonly mostOwned: number;
}

/**
 * Hands an organization over: the member becomes its owner, whoever handed it over an admin, and the vault learns of its
 * new owner. Throws 422 when it is not confirmed, 404 for who is no member, 409 when they own too many already.
 */
export const transferOrganization =
  ({ registry, clock, mostOwned }: TransferDeps) =>
  async (who: ActingMember, { to, confirm }: Transfer): Promise<void> => {
    const { organizationId, slug } = who.membership;
    const former = who.person.id;
    if (confirm !== slug) throw invalid([{ pointer: "/confirm", detail: `Type ${slug} to confirm.` }]);
    if (to === former) throw invalid([{ pointer: "/to", detail: "You own it already. Choose another member." }]);
    await registry.asPlatform(async (transaction) => {
      const at = clock.now();
      const members = memberRepository(transaction);
      await members.lockOwners(organizationId);
      // Looked at again behind the lock: they may have handed it over a moment ago.
      if ((await members.find(organizationId, former))?.role !== "owner")
        throw forbidden("Only an owner hands an organization over.");
      const member = await members.find(organizationId, to);
      if (!member) throw notFound("This member");
      if (member.role !== "owner") await refuseTooManyOwned(transaction, to, mostOwned);
      await members.setRole(organizationId, to, "owner");
      await members.setRole(organizationId, former, "admin");
      await leaveWork(transaction, { kind: "publish-tenant", subject: organizationId, at });
      const payload = { letter: "ownership", person: to, former };
      await leaveWork(transaction, { kind: "mail", subject: organizationId, payload, at });
      await audit(transaction, {
        ...by(who, at),
        organizationId,
        action: "organization.transferred",
        subject: `person:${to}`,
      });
    });
  };

import { audit, by } from "../audit/audit.ts";
import { day, later } from "../clock.ts";
import type { InvitationView } from "../contract/members.ts";
import type { Role } from "../contract/route-contract.ts";
import type { Transaction } from "../db/registry-database.ts";
import { forbidden, notFound, problem } from "../errors.ts";
import type { ActingMember, Membership } from "../http/call.ts";
import { newId, publicId } from "../ids.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { emailKey } from "../people/person-repository.ts";
import { derivedToken } from "../tokens.ts";
import { type Invitation, invitationRepository, invitationState } from "./invitation-repository.ts";
import { memberRepository } from "./member-repository.ts";
import { openInvitations, type OpenInvitations, type OpenInvitationsDeps } from "./open-invitations.ts";

const lastsMs = 14 * day;

export interface InvitationService extends OpenInvitations {
  list(membership: Membership): Promise<InvitationView[]>;
  /** Throws 403 when an admin invites an owner, 409 when the address is a member's. */
  invite(who: ActingMember, invitation: { email: string; role: Role }): Promise<InvitationView>;
  revoke(who: ActingMember, invitationId: string): Promise<void>;
}

const viewAt =
  (now: Date) =>
  (invitation: Invitation): InvitationView => ({
    id: publicId("invitation", invitation.id),
    email: invitation.email,
    role: invitation.role,
    invitedBy: invitation.invitedBy,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
    state: invitationState(invitation, now),
  });

type Note = { readonly action: string; readonly id: string; readonly at: Date };

const note = (transaction: Transaction, who: ActingMember, { action, id, at }: Note): Promise<void> =>
  audit(transaction, {
    ...by(who, at),
    organizationId: who.membership.organizationId,
    action,
    subject: `invitation:${id}`,
  });

export const createInvitationService = (deps: OpenInvitationsDeps): InvitationService => {
  const { registry, clock, tokens } = deps;

  const within = <T>(
    { person, membership }: ActingMember,
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> => registry.within({ organizationId: membership.organizationId, personId: person.id }, work);

  const add = async (
    transaction: Transaction,
    who: ActingMember,
    whom: { email: string; role: Role },
  ): Promise<string> => {
    const { organizationId } = who.membership;
    const [id, at] = [newId(), clock.now()];
    const invitations = invitationRepository(transaction);
    await invitations.revokeOpen(organizationId, whom.email, at);
    const row = { id, organizationId, ...whom, invitedBy: who.person.id, createdAt: at, expiresAt: later(at, lastsMs) };
    await invitations.add(row, tokens.hash("invitation", derivedToken(tokens, "invitation", id)));
    await leaveWork(transaction, { kind: "mail", subject: id, payload: { letter: "invitation" }, at });
    await note(transaction, who, { action: "invitation.made", id, at });
    return id;
  };

  return {
    ...openInvitations(deps),
    list: ({ organizationId }) =>
      registry.within({ organizationId }, async (transaction) =>
        (await invitationRepository(transaction).list(organizationId)).map(viewAt(clock.now())),
      ),
    invite: (who, invitation) =>
      within(who, async (transaction) => {
        const { organizationId, role: own } = who.membership;
        if (invitation.role === "owner" && own !== "owner") throw forbidden("Only an owner invites an owner.");
        if (await memberRepository(transaction).hasEmail(organizationId, emailKey(invitation.email))) {
          throw problem("member-already", "Somebody with this address is a member already.");
        }
        const made = await invitationRepository(transaction).byId(await add(transaction, who, invitation));
        if (!made) throw notFound("This invitation");
        return viewAt(clock.now())(made);
      }),
    revoke: (who, id) =>
      within(who, async (transaction) => {
        const at = clock.now();
        const revoked = await invitationRepository(transaction).revoke(who.membership.organizationId, id, at);
        if (!revoked) throw notFound("An open invitation of this id");
        await note(transaction, who, { action: "invitation.revoked", id, at });
      }),
  };
};

import { audit } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { Locale } from "../contract/fields.ts";
import type { InvitationView } from "../contract/members.ts";
import type { Role } from "../contract/route-contract.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { notFound, problem } from "../errors.ts";
import type { Circumstances } from "../http/call.ts";
import type { SessionService } from "../login/session-service.ts";
import { refuseTooManyOwned } from "../organizations/ownership-limit.ts";
import { personRepository } from "../people/person-repository.ts";
import type { Tokens } from "../tokens.ts";
import { type Invitation, invitationRepository, invitationState } from "./invitation-repository.ts";
import { memberRepository } from "./member-repository.ts";

export interface OpenInvitation {
  readonly organization: { readonly slug: string; readonly name: string };
  readonly email: string;
  readonly role: Role;
  readonly state: InvitationView["state"];
}

export interface Accepted {
  /** The organization's slug. */
  readonly slug: string;
  /** Value of the session's cookie. */
  readonly session: string;
}

/** What whoever has the link in an invitation's mail may do with it. */
export interface OpenInvitations {
  /** Spends nothing. Throws 404. */
  look(token: string): Promise<OpenInvitation>;
  /** Makes whoever has the mail a member, and logs them in. Throws 404, or 409 when it is not open any more. */
  accept(token: string, as: { name: string; locale: Locale }, circumstances: Circumstances): Promise<Accepted>;
}

export interface OpenInvitationsDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly sessions: Pick<SessionService, "open">;
  /** How many organizations one account may own. */
  readonly mostOwned: number;
}

/** As the platform: whoever follows a link is nobody yet. */
export const openInvitations = ({
  registry,
  clock,
  tokens,
  sessions,
  mostOwned,
}: OpenInvitationsDeps): OpenInvitations => {
  const byToken = async (transaction: Transaction, token: string): Promise<Invitation> => {
    const known = await invitationRepository(transaction).byToken(tokens.hash("invitation", token));
    if (!known) throw notFound("This invitation");
    return known;
  };
  return {
    look: (token) =>
      registry.asPlatform(async (transaction) => {
        const known = await byToken(transaction, token);
        const { organization, email, role } = known;
        return { organization, email, role, state: invitationState(known, clock.now()) };
      }),
    accept: (token, { name, locale }, circumstances) =>
      registry.asPlatform(async (transaction) => {
        const at = clock.now();
        const known = await byToken(transaction, token);
        const state = invitationState(known, at);
        if (state !== "open") {
          throw problem("invitation-not-open", `This invitation is ${state}. Ask for a new one, or log in.`);
        }
        const person = await personRepository(transaction).ensure({ email: known.email, name, locale, at });
        if (known.role === "owner") await refuseTooManyOwned(transaction, person.id, mostOwned);
        await memberRepository(transaction).add(known.organizationId, person.id, known.role, at);
        await invitationRepository(transaction).markAccepted(known.id, at);
        await audit(transaction, {
          organizationId: known.organizationId,
          at,
          actor: `person:${person.id}`,
          action: "invitation.accepted",
          subject: `invitation:${known.id}`,
          requestId: circumstances.requestId,
        });
        return { slug: known.organization.slug, session: await sessions.open(transaction, person, circumstances) };
      }),
  };
};

import { audit, by } from "../audit/audit.ts";
import { type Clock, day, later } from "../clock.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { notFound } from "../errors.ts";
import type { Actor } from "../http/call.ts";
import { newId } from "../ids.ts";
import type { Tokens } from "../tokens.ts";
import { affiliationRepository } from "./affiliation-repository.ts";
import { mustBe, steeredOrganization } from "./steered-organization.ts";
import { takeStep } from "./take-step.ts";

export interface NewInvitation {
  /** Slug. */
  readonly umbrella: string;
  readonly label: string;
  /** null: as often as people like. */
  readonly mostUses: number | null;
  readonly days: number;
}

/** UUID; the token is told this once. */
export interface MadeInvitation {
  readonly id: string;
  readonly token: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface AffiliationInvitationService {
  invite(actor: Actor, invitation: NewInvitation): Promise<MadeInvitation>;
  /** Spends nothing. Throws 404 as `accept` does. */
  umbrellaOf(token: string): Promise<{ slug: string; name: string }>;
  /** Throws 404 for a link that is unknown, used up, expired or closed: which of them is not told. */
  accept(actor: Actor, token: string, collective: string): Promise<{ slug: string; name: string }>;
  revoke(actor: Actor, invitationId: string): Promise<void>;
}

export interface AffiliationInvitationDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  readonly tokens: Tokens;
}

const goodLink = "An invitation that still holds behind this link";

export const createAffiliationInvitationService = (deps: AffiliationInvitationDeps): AffiliationInvitationService => {
  const { registry, clock, tokens } = deps;
  const table = (transaction: Transaction) => transaction("affiliation_invitations");

  const note = (transaction: Transaction, actor: Actor, what: { organizationId: string; id: string; action: string }) =>
    audit(transaction, {
      ...by(actor, clock.now()),
      organizationId: what.organizationId,
      action: what.action,
      subject: `affiliation-invitation:${what.id}`,
    });

  return {
    invite: (actor, { umbrella, label, mostUses, days }) =>
      registry.asPlatform(async (transaction) => {
        const own = await steeredOrganization(transaction, actor.person, { slug: umbrella });
        mustBe(own, "umbrella", "/umbrella");
        const [id, token, createdAt] = [newId(), tokens.fresh(), clock.now()];
        const expiresAt = later(createdAt, days * day);
        await table(transaction).insert({
          id,
          umbrella_id: own.id,
          token_hash: tokens.hash("affiliation", token),
          label,
          most_uses: mostUses,
          created_by: actor.person.id,
          created_at: createdAt,
          expires_at: expiresAt,
        });
        await note(transaction, actor, { organizationId: own.id, id, action: "affiliation-invitation.made" });
        return { id, token, createdAt, expiresAt };
      }),
    umbrellaOf: (token) =>
      registry.asPlatform(async (transaction) => {
        const hash = tokens.hash("affiliation", token);
        const umbrella = await affiliationRepository(transaction).invitingUmbrella(hash, clock.now());
        if (umbrella === null) throw notFound(goodLink);
        return umbrella;
      }),
    accept: (actor, token, collective) =>
      registry.asPlatform(async (transaction) => {
        const { person, circumstances } = actor;
        const own = await steeredOrganization(transaction, person, { slug: collective });
        mustBe(own, "collective", "/collective");
        const at = clock.now();
        const hash = tokens.hash("affiliation", token);
        const umbrellaId = await affiliationRepository(transaction).spendInvitation(hash, at);
        if (umbrellaId === null) throw notFound(goodLink);
        const pair = { umbrellaId, collectiveId: own.id };
        const who = { personId: person.id, at, requestId: circumstances.requestId };
        await takeStep(transaction, { ...who, pair, act: "join-by-invitation", by: "collective" });
        return transaction("organizations")
          .where({ id: umbrellaId })
          .first<{ slug: string; name: string }>("slug", "name");
      }),
    revoke: (actor, id) =>
      registry.asPlatform(async (transaction) => {
        const invitation = await table(transaction)
          .where({ id })
          .first<{ umbrella_id: string } | undefined>("umbrella_id");
        if (!invitation) throw notFound("This invitation");
        const own = await steeredOrganization(transaction, actor.person, { id: invitation.umbrella_id });
        await table(transaction).where({ id }).whereNull("revoked_at").update({ revoked_at: clock.now() });
        await note(transaction, actor, { organizationId: own.id, id, action: "affiliation-invitation.closed" });
      }),
  };
};

import { requestAffiliation } from "../affiliations/request-affiliation.ts";
import { audit } from "../audit/audit.ts";
import { day, later } from "../clock.ts";
import type { Transaction } from "../db/registry-database.ts";
import type { Circumstances } from "../http/call.ts";
import { newId } from "../ids.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { tellStaff } from "../mails/tell-staff.ts";
import type { KnownPerson } from "../people/person-repository.ts";
import type { PendingRegistrationRow } from "../registrations/registration.ts";
import { slugRepository } from "../slugs/slug-repository.ts";
import { refuseTooManyOwned } from "./ownership-limit.ts";

export interface Founding {
  /** UUID of the organization to be. */
  readonly organizationId: string;
  readonly registration: PendingRegistrationRow;
  readonly owner: KnownPerson;
  readonly at: Date;
  readonly circumstances: Circumstances;
}

export interface FoundingRules {
  /** Whether vaults are made at once, or when staff have said yes. An umbrella's invitation goes before it. */
  readonly approval: "automatic" | "staff";
  /** How many organizations one account may own. */
  readonly mostOwned: number;
  readonly trialDays: number;
}

/** Every organization begins here, whatever is sold later. */
const trialPlan = "trial";

const addRows = async (transaction: Transaction, founding: Founding, { trialDays }: FoundingRules): Promise<void> => {
  const { organizationId, registration, owner, at } = founding;
  const { slug, type, name, template, contactEmail, locale } = registration;
  await slugRepository(transaction).handOver(slug, registration.id, organizationId);
  const organization = {
    id: organizationId,
    type,
    slug,
    name,
    contact_email: contactEmail,
    template,
    locale,
    created_at: at,
  };
  await transaction("organizations").insert(organization);
  await transaction("organization_members").insert({
    organization_id: organizationId,
    person_id: owner.id,
    role: "owner",
    created_at: at,
  });
  await transaction("subscriptions").insert({
    organization_id: organizationId,
    plan: trialPlan,
    status: "trialing",
    trial_ends_at: later(at, trialDays * day),
    created_at: at,
  });
  await transaction("vaults").insert({
    id: newId(),
    organization_id: organizationId,
    tenant: slug,
    template,
    created_at: at,
  });
};

/**
 * Makes an organization out of a registration whose mail address is proven: its rows, its owner, the request to its
 * umbrella, and, when nobody has to approve it, the work that makes its vault. Part of the caller's transaction.
 */
export const foundOrganization =
  (rules: FoundingRules) =>
  async (transaction: Transaction, founding: Founding): Promise<{ approval: "pending" | "approved" }> => {
    const { organizationId, registration, owner, at, circumstances } = founding;
    await refuseTooManyOwned(transaction, owner.id, rules.mostOwned);
    await addRows(transaction, founding, rules);
    const { invited } = await requestAffiliation(transaction, {
      collectiveId: organizationId,
      umbrellaSlug: registration.umbrellaSlug,
      invitationHash: registration.affiliationInvitation,
      personId: owner.id,
      at,
      requestId: circumstances.requestId,
    });
    const isApproved = rules.approval === "automatic" || invited || registration.invitedBy !== null;
    const approval = isApproved ? "approved" : "pending";
    await transaction("organizations").where({ id: organizationId }).update({ approval });
    if (approval === "approved") await leaveWork(transaction, { kind: "publish-tenant", subject: organizationId, at });
    else await tellStaff(transaction, "approval", organizationId, at);
    await audit(transaction, {
      organizationId,
      at,
      actor: `person:${owner.id}`,
      action: "organization.registered",
      subject: `organization:${organizationId}`,
      detail: { slug: registration.slug, type: registration.type, approval },
      requestId: circumstances.requestId,
    });
    return { approval };
  };

import { audit } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { Me } from "../contract/login.ts";
import type { OrganizationChange, OrganizationView } from "../contract/organizations.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { AppError, invalid, notFound } from "../errors.ts";
import type { ActingMember, Membership, Person } from "../http/call.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { closeOrganization } from "./close-organization.ts";
import { organizationRepository } from "./organization-repository.ts";

export interface OrganizationService {
  /** Throws 422 when `confirm` is not its slug. */
  close(who: ActingMember, confirm: string): Promise<void>;
  ofPerson(person: Person): Promise<Me["organizations"]>;
  membership(person: Person, slug: string): Promise<Membership | null>;
  get(membership: Membership): Promise<OrganizationView>;
  /** Throws 412 when somebody else was quicker. A new name goes on to the vault. */
  change(who: ActingMember, change: OrganizationChange, version: number | undefined): Promise<OrganizationView>;
}

const changedMeanwhile = () =>
  new AppError({
    status: 412,
    code: "version-changed",
    title: "It has changed",
    detail: "Somebody changed it since you read it. Read it again, then send your change with the new ETag.",
  });

export const createOrganizationService = (registry: RegistryDatabase, clock: Clock): OrganizationService => {
  const viewOf = async (transaction: Transaction, { organizationId, role }: Membership): Promise<OrganizationView> => {
    const organization = await organizationRepository(transaction).byId(organizationId);
    if (!organization) throw notFound("This organization");
    return { ...organization, role };
  };
  return {
    ofPerson: ({ id }) =>
      registry.within({ personId: id }, (transaction) => organizationRepository(transaction).ofPerson(id)),
    membership: (person, slug) =>
      registry.within({ personId: person.id }, async (transaction) => {
        const found = await organizationRepository(transaction).membership(person.id, slug);
        return found && { ...found, slug };
      }),
    get: (membership) =>
      registry.within({ organizationId: membership.organizationId }, (transaction) => viewOf(transaction, membership)),
    close: async ({ person, membership, circumstances }, confirm) => {
      const { organizationId, slug } = membership;
      if (confirm !== slug) throw invalid([{ pointer: "/confirm", detail: `Type ${slug} to confirm.` }]);
      const who = { organizationId, personId: person.id, at: clock.now(), requestId: circumstances.requestId };
      await registry.asPlatform((transaction) => closeOrganization(transaction, who));
    },
    change: ({ person, membership, circumstances }, change, version) =>
      registry.within({ organizationId: membership.organizationId, personId: person.id }, async (transaction) => {
        const { organizationId } = membership;
        const at = clock.now();
        if (!(await organizationRepository(transaction).change(organizationId, change, version)))
          throw changedMeanwhile();
        if (change.name !== undefined)
          await leaveWork(transaction, { kind: "publish-tenant", subject: organizationId, at });
        await audit(transaction, {
          organizationId,
          at,
          actor: `person:${person.id}`,
          action: "organization.changed",
          subject: `organization:${organizationId}`,
          detail: { fields: Object.keys(change) },
          requestId: circumstances.requestId,
        });
        return viewOf(transaction, membership);
      }),
  };
};

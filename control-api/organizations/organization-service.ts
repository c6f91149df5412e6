import { audit, by } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { Me } from "../contract/login.ts";
import type { OrganizationChange, OrganizationView } from "../contract/organizations.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { invalid, notFound, problem } from "../errors.ts";
import type { ActingMember, Membership, Person } from "../http/call.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { memberRepository } from "../members/member-repository.ts";
import { emailKey } from "../people/person-repository.ts";
import { cancelProvisioning } from "./cancel-provisioning.ts";
import { closeOrganization, type Closing } from "./close-organization.ts";
import { organizationRepository } from "./organization-repository.ts";
import { type Transfer, transferOrganization } from "./transfer-organization.ts";

export interface OrganizationService {
  /** Calls off what has never been live. Throws 422 when `confirm` is not its slug, 409 when people have used the vault. */
  cancel(who: ActingMember, confirm: string): Promise<void>;
  /** Throws 422 when `confirm` is not its slug. */
  close(who: ActingMember, confirm: string): Promise<void>;
  /** The member becomes its owner, whoever hands it over an admin. */
  transfer(who: ActingMember, transfer: Transfer): Promise<OrganizationView>;
  ofPerson(person: Person): Promise<Me["organizations"]>;
  get(membership: Membership): Promise<OrganizationView>;
  /** Throws 422 for a contact address that is no member's. Throws 412 when somebody else was quicker. A new name goes on to the vault. */
  change(who: ActingMember, change: OrganizationChange, version: number | undefined): Promise<OrganizationView>;
}

const changedMeanwhile = () =>
  problem(
    "version-changed",
    "Somebody changed it since you read it. Read it again, then send your change with the new ETag.",
  );

export interface OrganizationServiceDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  /** How many organizations one account may own. */
  readonly mostOwned: number;
}

/** Mails go there without being asked for, so it must be proven; a member's address is. */
const mustBeProven = async (transaction: Transaction, organizationId: string, email: string): Promise<void> => {
  if (await memberRepository(transaction).hasEmail(organizationId, emailKey(email))) return;
  const detail = `Nobody here has proven ${email}. Invite it as a member first, then choose it.`;
  throw invalid([{ pointer: "/contactEmail", detail }]);
};

export const createOrganizationService = (deps: OrganizationServiceDeps): OrganizationService => {
  const { registry, clock } = deps;
  const transfer = transferOrganization(deps);

  const viewOf = async (transaction: Transaction, { organizationId, role }: Membership): Promise<OrganizationView> => {
    const organization = await organizationRepository(transaction).byId(organizationId);
    if (!organization) throw notFound("This organization");
    return { ...organization, role };
  };
  const end = async (
    { person, membership, circumstances }: ActingMember,
    confirm: string,
    how: (transaction: Transaction, closing: Closing) => Promise<void>,
  ): Promise<void> => {
    const { organizationId, slug } = membership;
    if (confirm !== slug) throw invalid([{ pointer: "/confirm", detail: `Type ${slug} to confirm.` }]);
    const closing = { organizationId, personId: person.id, at: clock.now(), requestId: circumstances.requestId };
    await registry.asPlatform((transaction) => how(transaction, closing));
  };

  return {
    transfer: async (who, transferred) => {
      await transfer(who, transferred);
      const { organizationId } = who.membership;
      return registry.within({ organizationId }, (transaction) =>
        viewOf(transaction, { ...who.membership, role: "admin" }),
      );
    },
    ofPerson: ({ id }) =>
      registry.within({ personId: id }, (transaction) => organizationRepository(transaction).ofPerson(id)),
    get: (membership) =>
      registry.within({ organizationId: membership.organizationId }, (transaction) => viewOf(transaction, membership)),
    close: (who, confirm) => end(who, confirm, closeOrganization),
    cancel: (who, confirm) => end(who, confirm, cancelProvisioning),
    change: (who, change, version) =>
      registry.within(
        { organizationId: who.membership.organizationId, personId: who.person.id },
        async (transaction) => {
          const { membership } = who;
          const { organizationId } = membership;
          if (change.contactEmail !== undefined) await mustBeProven(transaction, organizationId, change.contactEmail);
          const at = clock.now();
          if (!(await organizationRepository(transaction).change(organizationId, change, version)))
            throw changedMeanwhile();
          if (change.name !== undefined)
            await leaveWork(transaction, { kind: "publish-tenant", subject: organizationId, at });
          await audit(transaction, {
            ...by(who, at),
            organizationId,
            action: "organization.changed",
            subject: `organization:${organizationId}`,
            detail: { fields: Object.keys(change) },
          });
          return viewOf(transaction, membership);
        },
      ),
  };
};

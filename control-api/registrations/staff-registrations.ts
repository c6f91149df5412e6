import { audit, by } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { PreparedRegistration, UnprovenRegistration } from "../contract/staff-registrations.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { notFound } from "../errors.ts";
import type { Actor } from "../http/call.ts";
import { publicId } from "../ids.ts";
import type { RegistrationService } from "./registration-service.ts";
import { registrationRepository } from "./registration-repository.ts";
import { preparedLastsMs } from "./registration.ts";

export interface StaffRegistrations {
  /** Holds the slug and invites the owner, whose proof makes the organization, approved. Throws 409 as registering does. */
  prepare(staff: Actor, input: PreparedRegistration): Promise<UnprovenRegistration>;
  /** Those whose mail is not proven, newest first. */
  list(): Promise<UnprovenRegistration[]>;
  /** UUID. Gives the slug back; the link in the mail is dead then. Throws 404. */
  cancel(staff: Actor, id: string): Promise<void>;
}

export interface StaffRegistrationsDeps {
  readonly registry: RegistryDatabase;
  readonly clock: Clock;
  readonly registrations: Pick<RegistrationService, "register">;
}

/** Most that are listed. */
const most = 200;

export const createStaffRegistrations = (deps: StaffRegistrationsDeps): StaffRegistrations => {
  const { registry, clock, registrations } = deps;

  const list = (id?: string): Promise<UnprovenRegistration[]> =>
    registry.asPlatform(async (transaction) => {
      const rows = await registrationRepository(transaction).unproven(clock.now(), { most, id });
      return rows.map(({ registration, invitedBy }) => ({
        id: publicId("registration", registration.id),
        type: registration.type,
        name: registration.name,
        slug: registration.slug,
        template: registration.template,
        contact: { name: registration.contactName, email: registration.contactEmail },
        invitedBy,
        createdAt: registration.createdAt.toISOString(),
        expiresAt: registration.expiresAt.toISOString(),
      }));
    });

  return {
    list: () => list(),
    prepare: async (staff, input) => {
      const { id } = await registrations.register(input, staff.circumstances, {
        invitedBy: staff,
        lastsMs: preparedLastsMs,
      });
      const [made] = await list(id);
      if (!made) throw notFound("This registration");
      return made;
    },
    cancel: (staff, id) =>
      registry.asPlatform(async (transaction) => {
        const slug = await registrationRepository(transaction).cancel(id);
        if (slug === null) throw notFound("A registration of this id that is not proven");
        await audit(transaction, {
          ...by(staff, clock.now()),
          organizationId: null,
          action: "registration.cancelled",
          subject: `registration:${id}`,
          detail: { slug },
        });
      }),
  };
};

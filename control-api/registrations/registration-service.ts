import { audit, by } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { NewRegistration, PendingRegistration } from "../contract/registrations.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { notFound, problem } from "../errors.ts";
import type { Circumstances } from "../http/call.ts";
import { newId } from "../ids.ts";
import { leaveWork } from "../jobs/outbox.ts";
import type { SessionService } from "../login/session-service.ts";
import type { Founding } from "../organizations/found-organization.ts";
import { personRepository } from "../people/person-repository.ts";
import { slugRepository } from "../slugs/slug-repository.ts";
import type { SlugService } from "../slugs/slug-service.ts";
import type { TemplateService } from "../templates/template-service.ts";
import { derivedToken, type Tokens } from "../tokens.ts";
import {
  pendingRegistration,
  type PendingRegistrationRow,
  type Preparation,
  registrationState,
} from "./registration.ts";
import { registrationRepository } from "./registration-repository.ts";

export interface Proven {
  readonly slug: string;
  readonly approval: "pending" | "approved";
  /** Value for the session's cookie. */
  readonly session: string;
}

export interface RegistrationService {
  /** Holds the slug and sends a link. Throws 422 for a template that is not offered, 409 with suggestions when the slug cannot be had. */
  register(
    input: NewRegistration,
    circumstances: Circumstances,
    preparation?: Preparation,
  ): Promise<PendingRegistrationRow>;
  /** What a link stands for; spends nothing. Throws 404. */
  look(token: string): Promise<PendingRegistration>;
  /** Makes the organization and logs its owner in. Throws 404, 409 (spent), 410 (expired). */
  prove(token: string, circumstances: Circumstances): Promise<Proven>;
}

export interface RegistrationServiceDeps {
  readonly registry: RegistryDatabase;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly slugs: SlugService;
  readonly templates: Pick<TemplateService, "mustBeOffered">;
  readonly sessions: SessionService;
  readonly found: (transaction: Transaction, founding: Founding) => Promise<{ approval: "pending" | "approved" }>;
  readonly vaultUrl: (slug: string) => string;
}

const gone = (state: "proven" | "expired") =>
  state === "proven"
    ? problem("link-spent", "The address is proven already. Log in to go on.")
    : problem("link-expired", "The address was held for two days. Register again.");

const notePreparation = (
  transaction: Transaction,
  { id, slug, type, createdAt }: PendingRegistrationRow,
  { invitedBy }: Preparation,
): Promise<void> =>
  audit(transaction, {
    ...by(invitedBy, createdAt),
    organizationId: null,
    action: "registration.prepared",
    subject: `registration:${id}`,
    detail: { slug, type },
  });

export const createRegistrationService = (deps: RegistrationServiceDeps): RegistrationService => {
  const { registry, tokens, clock, slugs, templates, sessions, found, vaultUrl } = deps;

  const refuseSlug = async (slug: string): Promise<never> => {
    const { message, suggestions } = await slugs.availability(slug);
    const detail = message ?? "This address is taken. Choose another.";
    throw problem(slugs.isReserved(slug) ? "slug-reserved" : "slug-taken", detail, [
      { pointer: "/slug", detail, suggestions },
    ]);
  };

  const byToken = async (transaction: Transaction, token: string): Promise<PendingRegistrationRow> => {
    const known = await registrationRepository(transaction).byToken(tokens.hash("registration", token));
    if (!known) throw notFound("This registration");
    return known;
  };

  const add = (registration: PendingRegistrationRow, preparation: Preparation | undefined): Promise<boolean> =>
    registry.asPlatform(async (transaction) => {
      const { id, slug, expiresAt, createdAt } = registration;
      const claim = { slug, holder: "registration", holderId: id, expiresAt } as const;
      if (!(await slugRepository(transaction).claim(claim, createdAt))) return false;
      const token = derivedToken(tokens, "registration", id);
      await registrationRepository(transaction).add(registration, tokens.hash("registration", token));
      const letter = preparation ? "setup" : "registration";
      await leaveWork(transaction, { kind: "mail", subject: id, payload: { letter }, at: createdAt });
      if (preparation) await notePreparation(transaction, registration, preparation);
      return true;
    });

  return {
    register: async (input, _circumstances, preparation) => {
      await templates.mustBeOffered(input.template);
      if (slugs.isReserved(input.slug)) return refuseSlug(input.slug);
      const registration = pendingRegistration(input, { tokens, now: clock.now(), preparation });
      if (await add(registration, preparation)) return registration;
      // Whoever was cut off before the answer came asks the same again, and is answered as the first time.
      const same = await registry.queryAsPlatform((database) => registrationRepository(database).same(registration));
      return same ?? refuseSlug(input.slug);
    },
    look: (token) =>
      registry.asPlatform(async (transaction) => {
        const known = await byToken(transaction, token);
        const { name, type, slug, contactEmail, umbrellaSlug } = known;
        const state = registrationState(known, clock.now());
        return { name, type, slug, url: vaultUrl(slug), email: contactEmail, umbrella: umbrellaSlug, state };
      }),
    prove: (token, circumstances) =>
      registry.asPlatform(async (transaction) => {
        const known = await byToken(transaction, token);
        const now = clock.now();
        const state = registrationState(known, now);
        if (state !== "open") throw gone(state);
        const owner = { email: known.contactEmail, name: known.contactName, locale: known.locale, at: now };
        const person = await personRepository(transaction).ensure(owner);
        const organizationId = newId();
        const { approval } = await found(transaction, {
          organizationId,
          registration: known,
          owner: person,
          at: now,
          circumstances,
        });
        await registrationRepository(transaction).markProven(known.id, organizationId, now);
        return { slug: known.slug, approval, session: await sessions.open(transaction, person, circumstances) };
      }),
  };
};

import { invitationRepository } from "../members/invitation-repository.ts";
import { personRepository } from "../people/person-repository.ts";
import { registrationRepository } from "../registrations/registration-repository.ts";
import { derivedToken } from "../tokens.ts";
import type { Find } from "./find-mail.ts";

/** The link that proves a registration: somebody's own, or one that staff have prepared. */
export const registration: Find<"registration" | "setup"> = async (
  database,
  { subject },
  { tokens, publicUrl, vaultUrl },
) => {
  const known = await registrationRepository(database).byId(subject);
  if (!known || known.provenAt !== null) return null;
  const link = `${publicUrl}/registrations/${derivedToken(tokens, "registration", known.id)}`;
  return {
    to: { name: known.contactName, address: known.contactEmail },
    locale: known.locale,
    facts: { name: known.contactName, organization: known.name, address: vaultUrl(known.slug), link },
  };
};

export const login: Find<"login"> = async (database, { subject, payload }, { tokens, publicUrl }) => {
  const person = await personRepository(database).byId(payload["person"] ?? "");
  if (!person) return null;
  const link = `${publicUrl}/login/${derivedToken(tokens, "login", subject)}`;
  return {
    to: { name: person.name, address: person.email },
    locale: person.locale,
    facts: { name: person.name, link },
  };
};

export const invitation: Find<"invitation"> = async (database, { subject }, { tokens, publicUrl }) => {
  const known = await invitationRepository(database).byId(subject);
  if (!known || known.revokedAt !== null || known.acceptedAt !== null) return null;
  const { name } = known.organization;
  return {
    to: { name: "", address: known.email },
    locale: known.locale,
    facts: {
      inviter: known.invitedBy ?? name,
      organization: name,
      link: `${publicUrl}/invitations/${derivedToken(tokens, "invitation", known.id)}`,
    },
  };
};

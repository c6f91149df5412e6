import type { Locale } from "../contract/fields.ts";
import { organizationRepository } from "../organizations/organization-repository.ts";
import { vaultEntrancePath } from "../oidc/vault-entrance.ts";
import { personRepository } from "../people/person-repository.ts";
import { derivedToken } from "../tokens.ts";
import type { Find } from "./find-mail.ts";
import { findOwner } from "./find-owner.ts";
import { mailedEvents, type MailedEvent } from "./letters.ts";

/**
 * To the owner (`payload.person`) of a vault that answers for the first time. Its link logs them in, once; when it is spent or
 * too old, the way into the vault goes on through our login.
 */
export const welcome: Find<"welcome"> = async (database, { subject, payload }, { tokens, publicUrl }) => {
  const { person = "", link = "" } = payload;
  const owner = await personRepository(database).byId(person);
  const organization = await organizationRepository(database).byId(subject);
  if (!owner || !organization) return null;
  const { name, email, locale } = owner;
  return {
    to: { name, address: email },
    locale,
    facts: {
      name,
      organization: organization.name,
      link: `${publicUrl}/login/${derivedToken(tokens, "login", link)}?next=${vaultEntrancePath(organization.slug)}`,
    },
  };
};

export const rejection: Find<"rejection"> = async (database, { subject, payload }, { publicUrl }) => {
  const found = await findOwner(database, subject);
  if (!found) return null;
  const { organization, slug, email, name, locale } = found;
  const facts = { name, organization, reason: payload["reason"] ?? "", link: `${publicUrl}/dashboard/org/${slug}` };
  return { to: { name, address: email }, locale, facts };
};

/** To whom an organization was handed over (`payload.person`). */
export const ownership: Find<"ownership"> = async (database, { subject, payload }, { publicUrl }) => {
  const people = personRepository(database);
  const owner = await people.byId(payload["person"] ?? "");
  const former = await people.byId(payload["former"] ?? "");
  const organization = await database("organizations")
    .where({ id: subject })
    .first<{ name: string; slug: string } | undefined>("name", "slug");
  if (!owner || !organization) return null;
  return {
    to: { name: owner.name, address: owner.email },
    locale: owner.locale,
    facts: {
      name: owner.name,
      organization: organization.name,
      former: former?.name ?? organization.name,
      link: `${publicUrl}/dashboard/org/${organization.slug}`,
    },
  };
};

const isMailed = (event: string | undefined): event is MailedEvent => mailedEvents.some((one) => one === event);

export const affiliation: Find<"affiliation"> = async (database, { payload }, { publicUrl }) => {
  const { event, to } = payload;
  if (!isMailed(event)) return null;
  const rows = await database("organizations")
    .whereIn("id", [payload["umbrella"] ?? "", payload["collective"] ?? ""])
    .select<{ type: string; name: string; slug: string; contact_email: string; locale: Locale }[]>();
  const [umbrella, collective] = ["umbrella", "collective"].map((type) => rows.find((row) => row.type === type));
  const addressee = to === "umbrella" ? umbrella : collective;
  if (!umbrella || !collective || !addressee) return null;
  return {
    to: { name: addressee.name, address: addressee.contact_email },
    locale: addressee.locale,
    facts: {
      event,
      umbrella: umbrella.name,
      collective: collective.name,
      link: `${publicUrl}/dashboard/org/${addressee.slug}`,
    },
  };
};

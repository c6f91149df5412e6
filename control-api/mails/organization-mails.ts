import type { Locale } from "../contract/fields.ts";
import type { Transaction } from "../db/registry-database.ts";
import { vaultEntranceUrl } from "../oidc/vault-entrance.ts";
import { personRepository } from "../people/person-repository.ts";
import type { Find } from "./find-mail.ts";
import { mailedEvents, type MailedEvent } from "./letters.ts";

interface OwnedOrganization {
  readonly organization: string;
  readonly slug: string;
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
}

/** An organization with its oldest owner. */
const withOwner = async (transaction: Transaction, organizationId: string): Promise<OwnedOrganization | undefined> =>
  transaction("organizations as o")
    .join("organization_members as m", (on) => on.on("m.organization_id", "o.id").andOnVal("m.role", "owner"))
    .join("people as p", "p.id", "m.person_id")
    .where("o.id", organizationId)
    .orderBy([{ column: "m.created_at" }, { column: "p.id" }])
    .first<OwnedOrganization | undefined>("o.name as organization", "o.slug", "p.email", "p.name", "p.locale");

/** Its link leads into the vault by way of our login: whoever has only the mail has nothing yet. */
export const welcome: Find<"welcome"> = async (transaction, { subject }, { publicUrl }) => {
  const found = await withOwner(transaction, subject);
  if (!found) return null;
  const { organization, slug, email, name, locale } = found;
  return {
    to: { name, address: email },
    locale,
    facts: { name, organization, link: vaultEntranceUrl(publicUrl, slug) },
  };
};

export const rejection: Find<"rejection"> = async (transaction, { subject, payload }, { publicUrl }) => {
  const found = await withOwner(transaction, subject);
  if (!found) return null;
  const { organization, slug, email, name, locale } = found;
  const facts = { name, organization, reason: payload["reason"] ?? "", link: `${publicUrl}/dashboard/org/${slug}` };
  return { to: { name, address: email }, locale, facts };
};

/** To whom an organization was handed over (`payload.person`). */
export const ownership: Find<"ownership"> = async (transaction, { subject, payload }, { publicUrl }) => {
  const people = personRepository(transaction);
  const owner = await people.byId(payload["person"] ?? "");
  const former = await people.byId(payload["former"] ?? "");
  const organization = await transaction("organizations")
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

export const affiliation: Find<"affiliation"> = async (transaction, { payload }, { publicUrl }) => {
  const { event, to } = payload;
  if (!isMailed(event)) return null;
  const rows = await transaction("organizations")
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

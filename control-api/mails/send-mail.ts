import type { Locale } from "../contract/fields.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import type { Mail, Mailer } from "../gateways/mailer.ts";
import type { OutboxRow } from "../jobs/outbox-repository.ts";
import { type Handler, HopelessError } from "../jobs/work-outbox.ts";
import { invitationRepository } from "../members/invitation-repository.ts";
import { personRepository } from "../people/person-repository.ts";
import { registrationRepository } from "../registrations/registration-repository.ts";
import { derivedToken, type Tokens } from "../tokens.ts";
import { htmlOf, textOf } from "./letter.ts";
import { type LetterFacts, type LetterName, mailedEvents, type MailedEvent, write } from "./letters.ts";

export interface SendMailDeps {
  readonly registry: RegistryDatabase;
  readonly mailer: Mailer;
  readonly tokens: Tokens;
  readonly publicUrl: string;
  readonly vaultUrl: (slug: string) => string;
}

type Addressed<Name extends LetterName> = {
  to: { name: string; address: string };
  locale: Locale;
  facts: LetterFacts[Name];
};

type Find<Name extends LetterName> = (
  transaction: Transaction,
  row: OutboxRow,
  deps: SendMailDeps,
) => Promise<Addressed<Name> | null>;

const registration: Find<"registration"> = async (transaction, { subject }, { tokens, publicUrl, vaultUrl }) => {
  const known = await registrationRepository(transaction).byId(subject);
  if (!known || known.provenAt !== null) return null;
  const link = `${publicUrl}/registrations/${derivedToken(tokens, "registration", known.id)}`;
  return {
    to: { name: known.contactName, address: known.contactEmail },
    locale: known.locale,
    facts: { name: known.contactName, organization: known.name, address: vaultUrl(known.slug), link },
  };
};

const login: Find<"login"> = async (transaction, { subject, payload }, { tokens, publicUrl }) => {
  const person = await personRepository(transaction).byId(payload["person"] ?? "");
  if (!person) return null;
  const link = `${publicUrl}/login/${derivedToken(tokens, "login", subject)}`;
  return {
    to: { name: person.name, address: person.email },
    locale: person.locale,
    facts: { name: person.name, link },
  };
};

const welcome: Find<"welcome"> = async (transaction, { subject }, { vaultUrl }) => {
  const row = await transaction("organizations as o")
    .join("organization_members as m", (on) => on.on("m.organization_id", "o.id").andOnVal("m.role", "owner"))
    .join("people as p", "p.id", "m.person_id")
    .where("o.id", subject)
    .first<{ organization: string; slug: string; email: string; name: string; locale: Locale } | undefined>(
      "o.name as organization",
      "o.slug",
      "p.email",
      "p.name",
      "p.locale",
    );
  if (!row) return null;
  const { organization, slug, email, name, locale } = row;
  return { to: { name, address: email }, locale, facts: { name, organization, link: `${vaultUrl(slug)}/login` } };
};

const invitation: Find<"invitation"> = async (transaction, { subject }, { tokens, publicUrl }) => {
  const known = await invitationRepository(transaction).byId(subject);
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

const isMailed = (event: string | undefined): event is MailedEvent => mailedEvents.some((one) => one === event);

const affiliation: Find<"affiliation"> = async (transaction, { payload }, { publicUrl }) => {
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

type Composed = Pick<Mail, "to" | "subject" | "text" | "html">;

const composer =
  <Name extends LetterName>(name: Name, find: Find<Name>) =>
  async (transaction: Transaction, row: OutboxRow, deps: SendMailDeps): Promise<Composed | null> => {
    const found = await find(transaction, row, deps);
    if (!found) return null;
    const letter = write(name, found.facts, found.locale);
    return { to: found.to, subject: letter.subject, text: textOf(letter), html: htmlOf(letter, found.locale) };
  };

const composers = {
  registration: composer("registration", registration),
  login: composer("login", login),
  invitation: composer("invitation", invitation),
  welcome: composer("welcome", welcome),
  affiliation: composer("affiliation", affiliation),
} satisfies Record<LetterName, unknown>;

const isLetterName = (name: string | undefined): name is LetterName => name !== undefined && name in composers;

/** Writes and sends the mail that a row asks for, from what is so now; one that is no longer wanted is left out. */
export const sendMail =
  (deps: SendMailDeps): Handler =>
  async (row) => {
    const name = row.payload["letter"];
    if (!isLetterName(name)) throw new HopelessError(`There is no mail "${name ?? ""}".`);
    const mail = await deps.registry.asPlatform((transaction) => composers[name](transaction, row, deps));
    if (mail) await deps.mailer.send({ ...mail, messageId: `<${row.id}@${new URL(deps.publicUrl).hostname}>` });
  };

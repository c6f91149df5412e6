import type { Knex } from "knex";
import type { RegistryDatabase } from "../db/registry-database.ts";
import type { Mail, Mailer } from "../gateways/mailer.ts";
import type { OutboxRow } from "../jobs/outbox-repository.ts";
import { type Handler, HopelessError } from "../jobs/work-outbox.ts";
import type { Find, MailSources } from "./find-mail.ts";
import { htmlOf, textOf } from "./letter.ts";
import { type LetterName, write } from "./letters.ts";
import { affiliation, ownership, rejection, welcome } from "./organization-mails.ts";
import { invitation, login, registration } from "./people-mails.ts";
import { approval, failure } from "./staff-mails.ts";

export interface SendMailDeps extends MailSources {
  readonly registry: RegistryDatabase;
  readonly mailer: Mailer;
}

type Composed = Pick<Mail, "to" | "subject" | "text" | "html">;

const composer =
  <Name extends LetterName>(name: Name, find: Find<Name>) =>
  async (database: Knex, row: OutboxRow, deps: MailSources): Promise<Composed | null> => {
    const found = await find(database, row, deps);
    if (!found) return null;
    const letter = write(name, found.facts, found.locale);
    return { to: found.to, subject: letter.subject, text: textOf(letter), html: htmlOf(letter, found.locale) };
  };

const composers = {
  registration: composer("registration", registration),
  setup: composer("setup", registration),
  login: composer("login", login),
  invitation: composer("invitation", invitation),
  welcome: composer("welcome", welcome),
  ownership: composer("ownership", ownership),
  rejection: composer("rejection", rejection),
  approval: composer("approval", approval),
  failure: composer("failure", failure),
  affiliation: composer("affiliation", affiliation),
} satisfies Record<LetterName, unknown>;

const isLetterName = (name: string | undefined): name is LetterName => name !== undefined && name in composers;

/** Writes and sends the mail that a row asks for, from what is so now; one that is no longer wanted is left out. */
export const sendMail =
  (deps: SendMailDeps): Handler =>
  async (row) => {
    const name = row.payload["letter"];
    if (!isLetterName(name)) throw new HopelessError(`There is no mail "${name ?? ""}".`);
    const mail = await deps.registry.queryAsPlatform((database) => composers[name](database, row, deps));
    if (mail) await deps.mailer.send({ ...mail, messageId: `<${row.id}@${new URL(deps.publicUrl).hostname}>` });
  };

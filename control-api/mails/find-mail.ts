import type { Knex } from "knex";
import type { Locale } from "../contract/fields.ts";
import type { OutboxRow } from "../jobs/outbox-repository.ts";
import type { Tokens } from "../tokens.ts";
import type { LetterFacts, LetterName } from "./letters.ts";

/** What mails are made of beside rows. */
export interface MailSources {
  readonly tokens: Tokens;
  readonly publicUrl: string;
  readonly vaultUrl: (slug: string) => string;
}

/** Who gets a mail, in which language, and what it is about. */
export interface Addressed<Name extends LetterName> {
  readonly to: { readonly name: string; readonly address: string };
  readonly locale: Locale;
  readonly facts: LetterFacts[Name];
}

/** Reads what a mail says now; null when it is no longer wanted. */
export type Find<Name extends LetterName> = (
  database: Knex,
  row: OutboxRow,
  sources: MailSources,
) => Promise<Addressed<Name> | null>;

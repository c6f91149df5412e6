import type { Locale } from "../contract/fields.ts";
import type { Letter } from "./letter.ts";
import { english } from "./letters-en.ts";
import { norwegian } from "./letters-nb.ts";

/** What happens between a collective and an umbrella that the other one is told of. */
export const mailedEvents = ["requested", "approved", "rejected", "joined", "left", "removed"] as const;
export type MailedEvent = (typeof mailedEvents)[number];

/** What each mail needs to be written. Names are as people wrote them. */
export interface LetterFacts {
  registration: { name: string; organization: string; address: string; link: string };
  setup: { name: string; organization: string; address: string; link: string };
  login: { name: string; link: string };
  invitation: { inviter: string; organization: string; link: string };
  welcome: { name: string; organization: string; link: string };
  ownership: { name: string; organization: string; former: string; link: string };
  rejection: { name: string; organization: string; reason: string; link: string };
  affiliation: { event: MailedEvent; umbrella: string; collective: string; link: string };
  /** To the platform's staff. */
  approval: { organization: string; address: string; link: string };
  /** To the platform's staff, in the operator's own words. */
  failure: { organization: string; address: string; reason: string; message: string; link: string };
}
export type LetterName = keyof LetterFacts;

/** Every mail in one language. */
export type Letters = { [Name in LetterName]: (facts: LetterFacts[Name]) => Letter };

const letters: Record<Locale, Letters> = { en: english, nb: norwegian };

/** Writes a mail in the language of whoever gets it. Pure. */
export const write = <Name extends LetterName>(name: Name, facts: LetterFacts[Name], locale: Locale): Letter =>
  letters[locale][name](facts);

import { locales, type Locale } from "../contract/fields.ts";
import { htmlOf, textOf } from "./letter.ts";
import { type LetterFacts, type LetterName, mailedEvents, write } from "./letters.ts";

/** A mail as somebody would get it. */
export interface SampleMail {
  /** In its address, for example affiliation-joined. */
  readonly name: string;
  readonly locale: Locale;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const [name, organization, umbrella] = ["Kari Nordmann", "Alto Ensemble", "Nordic Choirs"];

const facts = (link: string): { [Name in Exclude<LetterName, "affiliation">]: LetterFacts[Name] } => {
  const address = "http://alto-ensemble.polyphony.localhost:8080";
  return {
    registration: { name, organization, address, link },
    setup: { name, organization, address, link },
    login: { name, link },
    invitation: { inviter: name, organization, link },
    welcome: { name, organization, link },
    ownership: { name, organization, former: "Ola Hansen", link },
    rejection: { name, organization, reason: "We serve choirs, and this is a bakery.", link },
    approval: { organization, address, link },
    failure: { organization, address, reason: "DatabaseServerFull", message: "pg-1 holds 1000 of 1000.", link },
  };
};

/** Every mail there is, in every language, with facts made up. Pure. */
export const sampleMails = (publicUrl: string): SampleMail[] => {
  const link = `${publicUrl}/an/example/of/a/link`;
  const lettersIn = (locale: Locale) => [
    ...Object.entries(facts(link)).map(([letter, given]) => ({
      name: letter,
      letter: write(letter as LetterName, given, locale),
    })),
    ...mailedEvents.map((event) => ({
      name: `affiliation-${event}`,
      letter: write("affiliation", { event, umbrella, collective: organization, link }, locale),
    })),
  ];
  return locales.flatMap((locale) =>
    lettersIn(locale).map(({ name: of, letter }) => ({
      name: of,
      locale,
      subject: letter.subject,
      text: textOf(letter),
      html: htmlOf(letter, locale),
    })),
  );
};

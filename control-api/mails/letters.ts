import type { Locale } from "../contract/fields.ts";
import type { Letter } from "./letter.ts";

/** What happens between a collective and an umbrella that the other one is told of. */
export const mailedEvents = ["requested", "approved", "rejected", "joined", "left", "removed"] as const;
export type MailedEvent = (typeof mailedEvents)[number];

/** What each mail needs to be written. Names are as people wrote them. */
export interface LetterFacts {
  registration: { name: string; organization: string; address: string; link: string };
  login: { name: string; link: string };
  invitation: { inviter: string; organization: string; link: string };
  welcome: { name: string; organization: string; link: string };
  affiliation: { event: MailedEvent; umbrella: string; collective: string; link: string };
}
export type LetterName = keyof LetterFacts;

type Letters = { [Name in LetterName]: (facts: LetterFacts[Name]) => Letter };

const english: Letters = {
  registration: ({ name, organization, address, link }) => ({
    subject: `Confirm your address for ${organization}`,
    heading: `Hello ${name},`,
    lines: [
      `you registered ${organization} with Polyphony, at ${address}.`,
      "Confirm that this mail address is yours, and the vault is made at once. The address is held for two days.",
    ],
    button: "Confirm and go on",
    link,
    after: "You did not register? Then leave this mail alone: nothing is made without the link.",
  }),
  login: ({ name, link }) => ({
    subject: "Log in to Polyphony",
    heading: `Hello ${name},`,
    lines: ["here is your link. It works once, within ten minutes."],
    button: "Log in",
    link,
    after: "You did not ask for it? Then leave this mail alone: nobody is logged in by the mail itself.",
  }),
  invitation: ({ inviter, organization, link }) => ({
    subject: `${inviter} invites you to ${organization}`,
    heading: `Join ${organization}`,
    lines: [`${inviter} invites you to help run ${organization} on Polyphony.`],
    button: "See the invitation",
    link,
    after: "The invitation is open for 14 days. You do not know who this is? Then leave this mail alone.",
  }),
  welcome: ({ name, organization, link }) => ({
    subject: `The vault of ${organization} is there`,
    heading: `Welcome, ${name}!`,
    lines: [
      `The vault of ${organization} is ready. You are its owner: log in with this mail address and invite the others.`,
    ],
    button: "Open the vault",
    link,
    after: "Keep the address: it is the vault's for good.",
  }),
  affiliation: ({ event, umbrella, collective, link }) => {
    const says: Record<MailedEvent, [subject: string, line: string, button: string]> = {
      requested: [
        `${collective} asks to join ${umbrella}`,
        "Look at who asks, then approve or reject. Until then nothing is shared between you.",
        "See the request",
      ],
      approved: [`${collective} now belongs to ${umbrella}`, `${umbrella} has approved the request.`, "Open your page"],
      rejected: [
        `${umbrella} has not accepted ${collective}`,
        "The request was rejected. Talk to the umbrella before you ask again.",
        "Open your page",
      ],
      joined: [
        `${collective} has joined ${umbrella}`,
        "It came by one of your invitation links.",
        "See who belongs to you",
      ],
      left: [`${collective} has left ${umbrella}`, "Nothing is shared between you any more.", "See who belongs to you"],
      removed: [`${umbrella} has removed ${collective}`, "Nothing is shared between you any more.", "Open your page"],
    };
    const [subject, text, button] = says[event];
    const after = "You get this mail because your address is the contact of one of the two.";
    return { subject, heading: subject, lines: [text], button, link, after };
  },
};

const norwegian: Letters = {
  registration: ({ name, organization, address, link }) => ({
    subject: `Bekreft adressen din for ${organization}`,
    heading: `Hei ${name},`,
    lines: [
      `du registrerte ${organization} hos Polyphony, på ${address}.`,
      "Bekreft at denne e-postadressen er din, så lages hvelvet med en gang. Adressen holdes av i to døgn.",
    ],
    button: "Bekreft og gå videre",
    link,
    after: "Var det ikke du som registrerte? La denne e-posten ligge: ingenting lages uten lenken.",
  }),
  login: ({ name, link }) => ({
    subject: "Logg inn i Polyphony",
    heading: `Hei ${name},`,
    lines: ["her er lenken din. Den virker én gang, i ti minutter."],
    button: "Logg inn",
    link,
    after: "Ba du ikke om den? La denne e-posten ligge: ingen logges inn av selve e-posten.",
  }),
  invitation: ({ inviter, organization, link }) => ({
    subject: `${inviter} inviterer deg til ${organization}`,
    heading: `Bli med i ${organization}`,
    lines: [`${inviter} inviterer deg til å være med og drive ${organization} på Polyphony.`],
    button: "Se invitasjonen",
    link,
    after: "Invitasjonen er åpen i 14 dager. Kjenner du ikke avsenderen? La denne e-posten ligge.",
  }),
  welcome: ({ name, organization, link }) => ({
    subject: `Hvelvet til ${organization} er klart`,
    heading: `Velkommen, ${name}!`,
    lines: [
      `Hvelvet til ${organization} er klart. Du eier det: logg inn med denne e-postadressen og inviter de andre.`,
    ],
    button: "Åpne hvelvet",
    link,
    after: "Ta vare på adressen: den er hvelvets for alltid.",
  }),
  affiliation: ({ event, umbrella, collective, link }) => {
    const says: Record<MailedEvent, [subject: string, line: string, button: string]> = {
      requested: [
        `${collective} ber om å bli med i ${umbrella}`,
        "Se hvem som spør, og godkjenn eller avvis. Inntil da deles ingenting mellom dere.",
        "Se forespørselen",
      ],
      approved: [
        `${collective} er nå med i ${umbrella}`,
        `${umbrella} har godkjent forespørselen.`,
        "Åpne siden deres",
      ],
      rejected: [
        `${umbrella} har ikke tatt imot ${collective}`,
        "Forespørselen ble avvist. Snakk med paraplyen før dere spør igjen.",
        "Åpne siden deres",
      ],
      joined: [
        `${collective} er blitt med i ${umbrella}`,
        "Koret kom med en av invitasjonslenkene deres.",
        "Se hvem som er med",
      ],
      left: [`${collective} har forlatt ${umbrella}`, "Ingenting deles lenger mellom dere.", "Se hvem som er med"],
      removed: [`${umbrella} har fjernet ${collective}`, "Ingenting deles lenger mellom dere.", "Åpne siden deres"],
    };
    const [subject, text, button] = says[event];
    const after = "Du får denne e-posten fordi adressen din er kontakt for en av de to.";
    return { subject, heading: subject, lines: [text], button, link, after };
  },
};

const letters: Record<Locale, Letters> = { en: english, nb: norwegian };

/** Writes a mail in the language of whoever gets it. Pure. */
export const write = <Name extends LetterName>(name: Name, facts: LetterFacts[Name], locale: Locale): Letter =>
  letters[locale][name](facts);

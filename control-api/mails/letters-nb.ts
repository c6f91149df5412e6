import type { Letters, MailedEvent } from "./letters.ts";

export const norwegian: Letters = {
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
  setup: ({ name, organization, address, link }) => ({
    subject: `${organization} er klar til å begynne hos Polyphony`,
    heading: `Hei ${name},`,
    lines: [
      `de ansatte i Polyphony har gjort ${organization} klar for deg, på ${address}. Det er du som skal eie den.`,
      "Bekreft at denne e-postadressen er din, så lages hvelvet med en gang. Adressen holdes av i 14 dager.",
    ],
    button: "Bekreft og begynn",
    link,
    after: "Kjenner du ikke til dette? La denne e-posten ligge: ingenting lages uten lenken.",
  }),
  ownership: ({ name, organization, former, link }) => ({
    subject: `Nå eier du ${organization}`,
    heading: `Hei ${name},`,
    lines: [
      `${former} har overlatt ${organization} til deg. Du bestemmer over medlemmer, innstillinger og om den skal stenges.`,
    ],
    button: "Åpne siden deres",
    link,
    after: "Kom dette uventet? Snakk med den som overlot den; du kan gi den tilbake på samme side.",
  }),
  rejection: ({ name, organization, reason, link }) => ({
    subject: `${organization} ble ikke godkjent`,
    heading: `Hei ${name},`,
    lines: [
      `de ansatte i Polyphony har sett på ${organization} og har ikke godkjent den. Det lages ikke noe hvelv.`,
      ...(reason === "" ? [] : [`De skriver: ${reason}`]),
    ],
    button: "Åpne siden deres",
    link,
    after: "Tror du at dette er en feil? Skriv til de ansatte og fortell hvorfor.",
  }),
  approval: ({ organization, address, link }) => ({
    subject: `${organization} venter på godkjenning`,
    heading: `${organization} venter på godkjenning`,
    lines: [`E-postadressen er bekreftet. Hvelvet på ${address} lages så snart du sier ja.`],
    button: "Se på den",
    link,
    after: "Du får denne e-posten fordi du er ansatt i plattformen.",
  }),
  failure: ({ organization, address, reason, message, link }) => ({
    subject: `Hvelvet til ${organization} har feilet: ${reason}`,
    heading: `Hvelvet til ${organization} har feilet`,
    lines: [
      `${address} kommer ikke opp: ${reason}.`,
      ...(message === "" ? [] : [message]),
      "Kunden har fått vite at de ansatte er varslet. Driftsveiledningen for denne årsaken sier hva som må gjøres.",
    ],
    button: "Se hva som hendte",
    link,
    after: "Du får denne e-posten fordi du er ansatt i plattformen.",
  }),
};

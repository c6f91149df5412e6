import type { Person } from "../http/call.ts";
import { oidcPaths } from "./create-provider.ts";
import type { DeviceAnswer } from "./device-logins.ts";
import { escapeHtml, pageOf } from "./page.ts";

const path = oidcPaths.deviceVerification;

const texts = {
  en: {
    title: "Log in the command line",
    ask: "Type the code that your terminal shows.",
    code: "Code",
    next: "Continue",
    confirm: "Does your terminal show this code? Then it will be logged in as you:",
    warning: "If you did not just run polyphony login yourself, refuse: somebody else may want to act in your name.",
    approve: "Yes, log it in",
    deny: "No, refuse",
    again: "Type another code",
    answers: {
      approved:
        "Done. Go back to your terminal; it goes on by itself. The login is listed among yours and can be ended there.",
      denied: "Refused. Nothing was logged in.",
      unknown: "There is no such code. Look at your terminal and type it again.",
      expired: "This code has expired. Run polyphony login again.",
      used: "This code was used. Run polyphony login again.",
    },
  },
  nb: {
    title: "Logg inn kommandolinjen",
    ask: "Skriv koden som terminalen viser.",
    code: "Kode",
    next: "Fortsett",
    confirm: "Viser terminalen denne koden? Da blir den logget inn som deg:",
    warning:
      "Har du ikke nettopp kj\u00f8rt polyphony login selv, s\u00e5 avvis: noen andre kan ville handle i ditt navn.",
    approve: "Ja, logg inn",
    deny: "Nei, avvis",
    again: "Skriv en annen kode",
    answers: {
      approved:
        "Ferdig. G\u00e5 tilbake til terminalen; den fortsetter selv. P\u00e5loggingen st\u00e5r blant dine og kan avsluttes der.",
      denied: "Avvist. Ingenting ble logget inn.",
      unknown: "Koden finnes ikke. Se p\u00e5 terminalen og skriv den igjen.",
      expired: "Koden er utl\u00f8pt. Kj\u00f8r polyphony login p\u00e5 nytt.",
      used: "Koden er brukt. Kj\u00f8r polyphony login p\u00e5 nytt.",
    },
  },
} as const;

type Texts = (typeof texts)["en" | "nb"];

const codeForm = (t: Texts): string => `<form method="get" action="${path}">
<label for="user_code">${t.code}</label>
<input id="user_code" name="user_code" required maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" autofocus>
<button type="submit">${t.next}</button>
</form>`;

/** Asks for the code. */
export const askPage = ({ locale }: Person): string => {
  const t = texts[locale];
  return pageOf({ locale, title: t.title, body: `<p>${t.ask}</p>${codeForm(t)}` });
};

export interface Confirming {
  readonly person: Person;
  readonly userCode: string;
  readonly formToken: string;
}

/** Shows the code again and whom it would log in. */
export const confirmPage = ({ person, userCode, formToken }: Confirming): string => {
  const t = texts[person.locale];
  const code = escapeHtml(userCode.toUpperCase());
  return pageOf({
    locale: person.locale,
    title: t.title,
    body: `<p>${t.confirm} <strong>${escapeHtml(person.email)}</strong></p>
<p class="code">${code}</p><p>${t.warning}</p>
<form method="post" action="${path}">
<input type="hidden" name="_token" value="${escapeHtml(formToken)}"><input type="hidden" name="user_code" value="${code}">
<button type="submit" name="answer" value="approve">${t.approve}</button>
<button type="submit" name="answer" value="deny" class="quiet">${t.deny}</button>
</form>`,
  });
};

/** What became of it. */
export const answerPage = (answer: DeviceAnswer, { locale }: Person): string => {
  const t: Texts = texts[locale];
  const form = answer === "unknown" ? codeForm(t) : "";
  return pageOf({ locale, title: t.title, body: `<p role="status">${t.answers[answer]}</p>${form}` });
};

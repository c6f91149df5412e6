import type { Locale } from "../contract/fields.ts";
import type { Person } from "../http/call.ts";
import { type Html, html } from "../pages/html.ts";
import type { PageAnswer } from "../pages/page-route.ts";
import { oidcPaths } from "./create-provider.ts";
import type { DeviceAnswer } from "./device-logins.ts";

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
    logins: "Where you are logged in",
    answers: {
      approved: {
        title: "The command line is logged in",
        text: "Go back to your terminal; it goes on by itself. The login is listed among yours and can be ended there.",
      },
      denied: { title: "Refused", text: "Nothing was logged in." },
      unknown: { title: "There is no such code", text: "Look at your terminal and type it again." },
      expired: {
        title: "This code has expired",
        text: "Run polyphony login again, and type the code that it shows then.",
      },
      used: { title: "This code was used", text: "Run polyphony login again, and type the code that it shows then." },
    },
  },
  nb: {
    title: "Logg inn kommandolinjen",
    ask: "Skriv koden som terminalen viser.",
    code: "Kode",
    next: "Fortsett",
    confirm: "Viser terminalen denne koden? Da blir den logget inn som deg:",
    warning: "Har du ikke nettopp kjørt polyphony login selv, så avvis: noen andre kan ville handle i ditt navn.",
    approve: "Ja, logg inn",
    deny: "Nei, avvis",
    logins: "Hvor du er logget inn",
    answers: {
      approved: {
        title: "Kommandolinjen er logget inn",
        text: "Gå tilbake til terminalen; den fortsetter selv. Innloggingen står blant dine og kan avsluttes der.",
      },
      denied: { title: "Avvist", text: "Ingenting ble logget inn." },
      unknown: { title: "Koden finnes ikke", text: "Se på terminalen, og skriv den igjen." },
      expired: { title: "Koden er utløpt", text: "Kjør polyphony login på nytt, og skriv koden som vises da." },
      used: { title: "Koden er brukt", text: "Kjør polyphony login på nytt, og skriv koden som vises da." },
    },
  },
} as const;

const codeForm = (locale: Locale): Html =>
  html`<form method="get" action="${path}">
    <label for="user_code">${texts[locale].code}</label>
    <input
      id="user_code"
      class="code"
      name="user_code"
      required
      maxlength="20"
      autocomplete="off"
      autocapitalize="characters"
      spellcheck="false"
    />
    <button class="button">${texts[locale].next}</button>
  </form>`;

/** Asks for the code. */
export const askPage = (locale: Locale): PageAnswer => ({
  title: texts[locale].title,
  body: html`<p class="soft">${texts[locale].ask}</p>
    ${codeForm(locale)}`,
});

export interface Confirming {
  readonly person: Person;
  readonly userCode: string;
  /** The field that no other site can fill in. */
  readonly formToken: Html;
}

/** Shows the code again and whom it would log in. */
export const confirmPage = (locale: Locale, { person, userCode, formToken }: Confirming): PageAnswer => {
  const t = texts[locale];
  const code = userCode.toUpperCase();
  return {
    title: t.title,
    body: html`<p>${t.confirm}<br /><strong>${person.email}</strong></p>
      <p class="digits">${code}</p>
      <p class="soft">${t.warning}</p>
      <form method="post" action="${path}">
        ${formToken}<input type="hidden" name="user_code" value="${code}" />
        <button class="button" name="answer" value="approve">${t.approve}</button>
        <button class="button quiet" name="answer" value="deny">${t.deny}</button>
      </form>`,
  };
};

const statusOf: Record<DeviceAnswer, number> = { approved: 200, denied: 200, unknown: 404, expired: 410, used: 409 };

/** What became of it, and how to go on: nothing was answered yet where no program waits for this code. */
export const answerPage = (locale: Locale, answer: DeviceAnswer): PageAnswer => {
  const { logins, answers } = texts[locale];
  const { title, text } = answers[answer];
  return {
    title,
    status: statusOf[answer],
    body: html`<p role="status">${text}</p>
      ${answer === "approved" && html`<a class="button quiet" href="/account">${logins}</a>`}
      ${statusOf[answer] >= 400 && codeForm(locale)}`,
  };
};

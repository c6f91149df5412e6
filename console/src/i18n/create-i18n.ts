import i18next, { type i18n, type ResourceLanguage } from "i18next";
import { initReactI18next } from "react-i18next";
import { locales, type Locale } from "../../../control-api/contract/fields.ts";
import { keepWish, readWish } from "../app/wishes.ts";
import commonEn from "./en.json" with { type: "json" };
import commonNb from "./nb.json" with { type: "json" };

const isLocale = (text: string | undefined): text is Locale => locales.some((locale) => locale === text);

/** What was chosen here before, else the first language of the browser that we speak, else English. */
const firstLanguage = (): Locale => {
  const wish = readWish("language");
  if (isLocale(wish)) return wish;
  const spoken = navigator.languages.map((tag) => (/^(nb|no|nn|da|sv)\b/.test(tag) ? "nb" : tag.slice(0, 2)));
  return spoken.find(isLocale) ?? "en";
};

const files = import.meta.glob<ResourceLanguage>("../pages/*/{en,nb}.json", { eager: true, import: "default" });

/** Each folder of pages is a namespace of its own name; the frame's words are `common`. */
const resourcesFor = (locale: Locale): Record<string, ResourceLanguage> => {
  const own = Object.entries(files).flatMap(([path, words]) => {
    const [, folder = "", language] = /pages\/([^/]+)\/(\w+)\.json$/.exec(path) ?? [];
    return language === locale ? [[folder, words] as const] : [];
  });
  return { common: locale === "nb" ? commonNb : commonEn, ...Object.fromEntries(own) };
};

export const createI18n = async (): Promise<i18n> => {
  const instance = i18next.createInstance();
  instance.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await instance.use(initReactI18next).init({
    lng: firstLanguage(),
    fallbackLng: "en",
    defaultNS: "common",
    fallbackNS: "common",
    resources: { en: resourcesFor("en"), nb: resourcesFor("nb") },
    interpolation: { escapeValue: false },
  });
  return instance;
};

/** Speaks another language, here and on the pages without JavaScript. */
export const speak = async (instance: i18n, locale: Locale): Promise<void> => {
  keepWish("language", locale);
  await instance.changeLanguage(locale);
};

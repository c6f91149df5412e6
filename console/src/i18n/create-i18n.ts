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

const files = import.meta.glob<ResourceLanguage>("../pages/*/*.json", { import: "default" });

/** Reads the words of a folder of pages, which are a namespace of its name; in each language, so that changing it asks nothing. */
export const loadWords = async (instance: i18n, folder: string): Promise<void> => {
  const read = async (locale: Locale): Promise<void> => {
    instance.addResourceBundle(locale, folder, await files[`../pages/${folder}/${locale}.json`]?.());
  };
  await Promise.all(locales.map(read));
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
    resources: { en: { common: commonEn }, nb: { common: commonNb } },
    interpolation: { escapeValue: false },
  });
  return instance;
};

/** Speaks another language, here and on the pages without JavaScript. */
export const speak = async (instance: i18n, locale: Locale): Promise<void> => {
  keepWish("language", locale);
  await instance.changeLanguage(locale);
};

import { useTranslation } from "react-i18next";
import type { Locale } from "../../../control-api/contract/fields.ts";
import { speak } from "../i18n/create-i18n.ts";

const names: Record<Locale, string> = { en: "English", nb: "Norsk" };

/** The language that is not spoken now, by its own name. */
export const useOtherLanguage = (): { lang: Locale; name: string; speak: () => void } => {
  const { i18n } = useTranslation();
  const lang = i18n.resolvedLanguage === "nb" ? "en" : "nb";
  return { lang, name: names[lang], speak: () => void speak(i18n, lang) };
};

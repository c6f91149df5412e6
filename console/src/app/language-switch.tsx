import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Locale } from "../../../control-api/contract/fields.ts";
import { speak } from "../i18n/create-i18n.ts";

const names: Record<Locale, string> = { en: "English", nb: "Norsk" };

/** Offers the language that is not spoken now, by its own name. */
export const LanguageSwitch = () => {
  const { i18n } = useTranslation();
  const other: Locale = i18n.resolvedLanguage === "nb" ? "en" : "nb";
  return (
    <Button
      variant="subtle"
      size="sm"
      px="xs"
      lang={other}
      style={{ flexShrink: 0 }}
      onClick={() => void speak(i18n, other)}
    >
      {names[other]}
    </Button>
  );
};

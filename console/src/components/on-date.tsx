import { useTranslation } from "react-i18next";
import { formatLanguage } from "../i18n/format-language.ts";

/** A date in the reader's language and time zone, with the exact time behind it. `at` is RFC 3339. */
export const OnDate = ({ at, time = false }: { at: string; time?: boolean }) => {
  const { i18n } = useTranslation();
  const exact = new Date(at);
  const language = formatLanguage(i18n.language);
  const short = new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    ...(time ? { timeStyle: "short" } : {}),
  });
  return (
    <time dateTime={at} title={exact.toLocaleString(language)}>
      {short.format(exact)}
    </time>
  );
};

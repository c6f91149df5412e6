import { useTranslation } from "react-i18next";

/** A date in the reader's language and time zone, with the exact time behind it. `at` is RFC 3339. */
export const OnDate = ({ at, time = false }: { at: string; time?: boolean }) => {
  const { i18n } = useTranslation();
  const exact = new Date(at);
  const short = new Intl.DateTimeFormat(i18n.language, {
    dateStyle: "medium",
    ...(time ? { timeStyle: "short" } : {}),
  });
  return (
    <time dateTime={at} title={exact.toLocaleString(i18n.language)}>
      {short.format(exact)}
    </time>
  );
};

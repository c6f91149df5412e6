import { useTranslation } from "react-i18next";
import { formatLanguage } from "../../i18n/format-language.ts";

const steps: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago or ahead, in the largest unit that fits: "3 days ago". Pure. */
export const relativeTime = (at: Date, now: Date, language: string): string => {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  return step ? format.format(Math.trunc(seconds / step[1]), step[0]) : format.format(Math.trunc(seconds), "second");
};

/** A time, relative, with the exact one behind it. `at` is RFC 3339. */
export const When = ({ at }: { at: string }) => {
  const { i18n } = useTranslation();
  const exact = new Date(at);
  const language = formatLanguage(i18n.language);
  return (
    <time dateTime={at} title={exact.toLocaleString(language)}>
      {relativeTime(exact, new Date(), language)}
    </time>
  );
};

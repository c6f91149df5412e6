import { useTranslation } from "react-i18next";
import type { ApiProblem } from "../api/api-problem.ts";

/**
 * A problem in the reader's language. The API speaks English and knows most: its own words go first there. Elsewhere what
 * its code stands for is said, where this console has words for it.
 */
export const useProblemWords = ({ code, title, message }: ApiProblem): { title: string; detail: string } => {
  const { t, i18n } = useTranslation();
  const own = code === "unreachable" ? "unreachable" : "unexpected";
  const asSent = { title: title || t(`problem.${own}`), detail: message || t(`problem.${own}Detail`) };
  const key = `problem.codes.${code}`;
  if (i18n.resolvedLanguage === "en" || !i18n.exists(key)) return asSent;
  return { title: t("problem.notDone"), detail: t(key) };
};

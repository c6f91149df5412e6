import { useTranslation } from "react-i18next";
import type { ApiProblem } from "../api/api-problem.ts";

export interface ProblemWords {
  readonly of: (problem: ApiProblem) => { readonly title: string; readonly detail: string };
  /** What one field, for example "/slug", should be told; undefined when nothing is wrong with it. */
  readonly ofField: (problem: ApiProblem | null, pointer: string) => string | undefined;
}

/** Problems in the reader's language. The API's own words, in English, are shown for what this console does not know yet. */
export const useProblemWords = (): ProblemWords => {
  const { t } = useTranslation();
  const ofField: ProblemWords["ofField"] = (problem, pointer) => {
    const said = problem?.field(pointer);
    return said && t(`problem.fields.${pointer}`, { defaultValue: said.detail });
  };
  const detailOf = (problem: ApiProblem): string => {
    const { code, fields, message } = problem;
    if (code === "invalid-input" && fields.length > 0)
      return fields.map(({ pointer }) => ofField(problem, pointer)).join(" ");
    return t(`problem.codes.${code}`, { defaultValue: message || t("problem.codes.unreadable") });
  };
  const titleOf = ({ code }: ApiProblem): string => t(`problem.titles.${code}`, { defaultValue: t("problem.notDone") });
  return { of: (problem) => ({ title: titleOf(problem), detail: detailOf(problem) }), ofField };
};

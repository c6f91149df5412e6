import { Alert, Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ApiProblem } from "../api/api-problem.ts";
import { useProblemWords } from "./use-problem-words.ts";

/** What did not work and what to do next, with the number by which support finds it. */
export const ProblemNotice = ({ problem, onRetry }: { problem: ApiProblem; onRetry?: () => void }) => {
  const { t } = useTranslation();
  const { title, detail } = useProblemWords().of(problem);
  return (
    <Alert color="red" role="alert" title={title}>
      <Text size="sm" c="var(--ink)">
        {detail}
      </Text>
      {problem.requestId !== undefined && problem.status >= 500 && (
        <Text size="xs" c="var(--ink)" mt="xs">
          {t("problem.request")} <code>{problem.requestId}</code>
        </Text>
      )}
      {onRetry && (
        <Button mt="sm" size="sm" variant="default" onClick={onRetry}>
          {t("tryAgain")}
        </Button>
      )}
    </Alert>
  );
};

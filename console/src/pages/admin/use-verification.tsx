import { Alert, Button, List, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { verifyAudit } from "../../../../control-api/contract/audit.ts";
import { useApi } from "../../api/api-context.tsx";
import type { ApiProblem } from "../../api/api-problem.ts";
import type { Answer } from "../../api/api-client.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";

const Verdict = ({ found }: { found: Answer<typeof verifyAudit> }) => {
  const { t, i18n } = useTranslation("admin");
  if (found.whole) {
    return (
      <Alert color="green" mb="lg">
        {t("audit.whole", { entries: found.entries.toLocaleString(i18n.language) })}
      </Alert>
    );
  }
  return (
    <Alert color="red" title={t("audit.broken")} mb="lg">
      <Text c="var(--ink)">{t("audit.brokenText")}</Text>
      <List mt="xs">
        {found.broken.map((entry) => (
          <List.Item key={entry.chain}>{t("audit.brokenEntry", entry)}</List.Item>
        ))}
      </List>
    </Alert>
  );
};

/** Asks when it is told to whether the audit log is whole; every entry is hashed anew for it. */
export const useVerification = () => {
  const { t } = useTranslation("admin");
  const api = useApi();
  const asked = useQuery<Answer<typeof verifyAudit>, ApiProblem>({
    queryKey: ["audit verification"],
    queryFn: ({ signal }) => api.call(verifyAudit, {}, signal),
    enabled: false,
    gcTime: 0,
  });
  return {
    button: (
      <Button variant="default" loading={asked.isFetching} onClick={() => void asked.refetch()}>
        {t("audit.verify")}
      </Button>
    ),
    verdict: (
      <div role="status">
        {asked.error && <ProblemNotice problem={asked.error} />}
        {asked.data && <Verdict found={asked.data} />}
      </div>
    ),
  };
};

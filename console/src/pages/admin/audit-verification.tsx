import { Alert, List, Text } from "@mantine/core";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { verifyAudit } from "../../../../control-api/contract/audit.ts";
import type { Answer } from "../../api/api-client.ts";
import { useApi } from "../../api/api-context.tsx";
import type { ApiProblem } from "../../api/api-problem.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { formatLanguage } from "../../i18n/format-language.ts";

type Found = Answer<typeof verifyAudit>;
type Verification = UseQueryResult<Found, ApiProblem>;

/** Whether the audit log is whole: asked only by `refetch`, as every entry is hashed anew for it. */
export const useAuditVerification = (): Verification => {
  const api = useApi();
  return useQuery<Found, ApiProblem>({
    queryKey: ["audit verification"],
    queryFn: ({ signal }) => api.call(verifyAudit, {}, signal),
    enabled: false,
    gcTime: 0,
  });
};

const Verdict = ({ found }: { found: Found }) => {
  const { t, i18n } = useTranslation("admin");
  if (found.whole) {
    return (
      <Alert color="green" mb="lg">
        {t("audit.whole", { entries: found.entries.toLocaleString(formatLanguage(i18n.language)) })}
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

/** What a verification has found; read out as it comes. */
export const AuditVerdict = ({ verification: { data, error } }: { verification: Verification }) => (
  <div role="status">
    {error && <ProblemNotice problem={error} />}
    {data && <Verdict found={data} />}
  </div>
);

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { retryTenant, type TenantRow } from "../../../../control-api/contract/admin.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";

/** Has a vault tried again at once. `onDone` is told so in words. */
export const RetryButton = ({ row, onDone }: { row: TenantRow; onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  const { name, slug } = row.organization;
  const retry = useApiMutation(retryTenant, { onDone: () => onDone(t("retried", { name })) });
  return (
    <>
      <Button
        size="sm"
        variant="default"
        loading={retry.isPending}
        onClick={() => retry.mutate({ params: { slug } })}
        aria-label={`${t("retry")}: ${name}`}
      >
        {t("retry")}
      </Button>
      {retry.error && <ProblemNotice problem={retry.error} />}
    </>
  );
};

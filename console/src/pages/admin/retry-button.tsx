import { useTranslation } from "react-i18next";
import { retryTenant, type TenantRow } from "../../../../control-api/contract/admin.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { ActButton } from "../../components/act-button.tsx";

/** Has a vault tried again at once. `onDone` is told so in words. */
export const RetryButton = ({ row, onDone }: { row: TenantRow; onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  const { name, slug } = row.organization;
  const retry = useApiMutation(retryTenant, { onDone: () => onDone(t("retried", { name })) });
  return <ActButton label={t("retry")} to={name} work={retry} onAct={() => retry.mutate({ params: { slug } })} />;
};

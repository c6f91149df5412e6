import { useTranslation } from "react-i18next";
import { resumeTenant, type TenantRow } from "../../../../control-api/contract/admin.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { ActButton } from "../../components/act-button.tsx";

/** Brings a suspended vault back. */
export const ResumeButton = ({ row, onDone }: { row: TenantRow; onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  const { name, slug } = row.organization;
  const resume = useApiMutation(resumeTenant, { onDone: () => onDone(t("tenant.resumed", { name })) });
  const act = (): void => resume.mutate({ params: { slug } });
  return <ActButton label={t("tenant.resume")} to={name} work={resume} onAct={act} variant="filled" />;
};

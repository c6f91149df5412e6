import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { resumeTenant, type TenantRow } from "../../../../control-api/contract/admin.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";

/** Brings a suspended vault back. */
export const ResumeButton = ({ row, onDone }: { row: TenantRow; onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  const { name, slug } = row.organization;
  const resume = useApiMutation(resumeTenant, { onDone: () => onDone(t("tenant.resumed", { name })) });
  return (
    <>
      <Button size="sm" loading={resume.isPending} onClick={() => resume.mutate({ params: { slug } })}>
        {t("tenant.resume")}
      </Button>
      {resume.error && <ProblemNotice problem={resume.error} />}
    </>
  );
};

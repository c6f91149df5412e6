import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { approveOrganization, type TenantRow } from "../../../../control-api/contract/admin.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { useMe } from "../../api/use-me.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { ReasonButton } from "./reason-button.tsx";

/** Whether an organization gets its vault; for platform admins only. `onDone` is told what was decided, in words. */
export const Decide = ({ row, onDone }: { row: TenantRow; onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  const { name, slug } = row.organization;
  const { data: me } = useMe();
  const approve = useApiMutation(approveOrganization, { onDone: () => onDone(t("queue.approved", { name })) });
  if (me?.platformRole !== "admin") return null;
  return (
    <>
      <Group gap="xs">
        <Button
          size="sm"
          loading={approve.isPending}
          onClick={() => approve.mutate({ params: { slug } })}
          aria-label={`${t("queue.approve")}: ${name}`}
        >
          {t("queue.approve")}
        </Button>
        <ReasonButton act="reject" row={row} onDone={onDone} />
      </Group>
      {approve.error && <ProblemNotice problem={approve.error} />}
    </>
  );
};

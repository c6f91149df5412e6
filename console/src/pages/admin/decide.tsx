import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { approveOrganization, type TenantRow } from "../../../../control-api/contract/admin.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { useMe } from "../../api/use-me.ts";
import { ActButton } from "../../components/act-button.tsx";
import { ReasonButton } from "./reason-button.tsx";

/** Whether an organization gets its vault; for platform admins only. `onDone` is told what was decided, in words. */
export const Decide = ({ row, onDone }: { row: TenantRow; onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  const { name, slug } = row.organization;
  const { data: me } = useMe();
  const approve = useApiMutation(approveOrganization, { onDone: () => onDone(t("queue.approved", { name })) });
  const act = (): void => approve.mutate({ params: { slug } });
  if (me?.platformRole !== "admin") return null;
  return (
    <Group gap="xs">
      <ActButton label={t("queue.approve")} to={name} work={approve} onAct={act} variant="filled" />
      <ReasonButton act="reject" row={row} onDone={onDone} />
    </Group>
  );
};

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { type MemberView, removeMember } from "../../../../../control-api/contract/members.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useOrganization } from "../organization-layout.tsx";

/** Asks once more before somebody is removed, or leaves. */
export const RemoveMember = ({ member, isMe, onClose }: { member: MemberView; isMe: boolean; onClose: () => void }) => {
  const { t } = useTranslation("organizations");
  const { slug, name: organization } = useOrganization();
  const navigate = useNavigate();
  const remove = useApiMutation(removeMember, {
    onDone: () => (isMe ? navigate("/dashboard") : onClose()),
  });
  const words = { name: member.name, organization };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(isMe ? "members.leaveTitle" : "members.removeTitle", words)}
      closeButtonProps={{ "aria-label": t("cancel") }}
    >
      <Stack>
        <Text size="sm">{t(isMe ? "members.leaveText" : "members.removeText", words)}</Text>
        {remove.error && <ProblemNotice problem={remove.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate({ params: { slug, person: member.id } })}
          >
            {t(isMe ? "members.leave" : "members.remove")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
};

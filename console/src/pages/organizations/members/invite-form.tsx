import { Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { postInvitation } from "../../../../../control-api/contract/members.ts";
import type { Role } from "../../../../../control-api/contract/route-contract.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useProblemWords } from "../../../components/use-problem-words.ts";
import { useOrganization } from "../organization-layout.tsx";
import { rolesToGive } from "./member-rights.ts";

/** Invites somebody by mail. */
export const InviteForm = () => {
  const { t } = useTranslation("organizations");
  const { slug, role: own } = useOrganization();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("member");
  const invite = useApiMutation(postInvitation, { onDone: () => setEmail("") });
  const said = useProblemWords().ofField(invite.error, "/email");
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    invite.mutate({ params: { slug }, body: { email, role } });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-start" mb="md" gap="sm">
        <TextInput
          label={t("invitations.email")}
          type="email"
          autoComplete="off"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={said}
          style={{ flex: "1 1 15rem" }}
        />
        <NativeSelect
          label={t("invitations.role")}
          description={undefined}
          size="md"
          value={role}
          onChange={(event) => setRole(rolesToGive(own).find((one) => one === event.currentTarget.value) ?? "member")}
          data={rolesToGive(own).map((value) => ({ value, label: t(`role.${value}`) }))}
        />
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t(`roleMeans.${role}`)}
      </Text>
      <Button type="submit" loading={invite.isPending}>
        {t("invitations.act")}
      </Button>
      <Text role="status" size="sm" my="sm">
        {invite.data && t("invitations.sent", { email: invite.data.email })}
      </Text>
      {invite.error && said === undefined && <ProblemNotice problem={invite.error} />}
    </form>
  );
};

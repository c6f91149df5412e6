import { Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type OrganizationView, patchOrganization } from "../../../../control-api/contract/organizations.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";

/** Name and address, to be looked over once more: the name may still change, the address stays. */
export const OrganizationCheck = ({ organization }: { organization: OrganizationView }) => {
  const { t } = useTranslation("onboarding");
  const [name, setName] = useState(organization.name);
  const { mutate, isPending, isSuccess, error } = useApiMutation(patchOrganization);
  const { slug, version } = organization;
  const isChanged = name.trim() !== organization.name;
  return (
    <Paper>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged) mutate({ params: { slug }, body: { name }, version });
        }}
      >
        <Stack>
          <Title order={2}>{t("check.title")}</Title>
          <TextInput
            label={t("check.name")}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            error={name.trim() === "" ? t("check.nameWrong") : undefined}
            maxLength={200}
            required
          />
          <Text size="sm">
            {t("check.address")} <b>{slug}</b>. {t("check.addressStays")}
          </Text>
          {error && <ProblemNotice problem={error} />}
          <Group>
            <Button type="submit" variant="default" loading={isPending} disabled={!isChanged || name.trim() === ""}>
              {t("check.save")}
            </Button>
            <Text role="status" size="sm">
              {isSuccess && !isChanged && t("check.saved")}
            </Text>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
};

import { Button, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { UnprovenRegistration } from "../../../../control-api/contract/staff-registrations.ts";
import { PageTitle } from "../../components/page-title.tsx";
import { NewOrganizationForm } from "./new-organization-form.tsx";
import { UnprovenRegistrations } from "./unproven-registrations.tsx";

/** Staff begin an organization for somebody, and see which ones nobody has confirmed yet. */
export const NewOrganizationPage = () => {
  const { t } = useTranslation("admin");
  const [prepared, setPrepared] = useState<UnprovenRegistration | null>(null);
  return (
    <>
      <PageTitle title={t("found.title")} about={t("found.lead")} />
      <Stack gap="xl">
        <Paper role="status" hidden={!prepared}>
          {prepared && (
            <>
              <Title order={2}>{t("found.doneTitle")}</Title>
              <Text mt={4} mb="md">
                {t("found.doneText", { email: prepared.contact.email, slug: prepared.slug })}
              </Text>
              <Button variant="default" onClick={() => setPrepared(null)}>
                {t("found.another")}
              </Button>
            </>
          )}
        </Paper>
        {!prepared && <NewOrganizationForm onDone={setPrepared} />}
        <UnprovenRegistrations />
      </Stack>
    </>
  );
};

import { Button, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { UnprovenRegistration } from "../../../../control-api/contract/staff-registrations.ts";
import { PageTitle } from "../../components/page-title.tsx";
import { NewOrganizationForm } from "./new-organization-form.tsx";
import { UnprovenRegistrations } from "./unproven-registrations.tsx";

const Prepared = ({ prepared, another }: { prepared: UnprovenRegistration; another: () => void }) => {
  const { t } = useTranslation("admin");
  return (
    <Paper>
      <Title order={2}>{t("found.doneTitle")}</Title>
      <Text mt={4} mb="md">
        {t("found.doneText", { email: prepared.contact.email, slug: prepared.slug })}
      </Text>
      <Button variant="default" onClick={another}>
        {t("found.another")}
      </Button>
    </Paper>
  );
};

/** Staff begin an organization for somebody, and see which ones nobody has confirmed yet. */
export const NewOrganizationPage = () => {
  const { t } = useTranslation("admin");
  const [prepared, setPrepared] = useState<UnprovenRegistration | null>(null);
  return (
    <>
      <PageTitle title={t("found.title")} about={t("found.lead")} />
      <div role="status">{prepared && <Prepared prepared={prepared} another={() => setPrepared(null)} />}</div>
      <Stack gap="xl" mt={prepared ? "xl" : 0}>
        {!prepared && <NewOrganizationForm onDone={setPrepared} />}
        <UnprovenRegistrations />
      </Stack>
    </>
  );
};

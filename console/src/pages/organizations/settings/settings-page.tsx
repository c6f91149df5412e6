import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { useOrganization } from "../organization-layout.tsx";
import { Section } from "../../../components/section.tsx";
import { DangerZone } from "./danger-zone.tsx";
import { SettingsForm } from "./settings-form.tsx";

/** What the organization says of itself, and how it is handed over or closed. */
export const SettingsPage = () => {
  const { t } = useTranslation("organizations");
  const organization = useOrganization();
  const { role } = organization;
  return (
    <Stack gap="lg">
      <Section
        title={t("settings.title")}
        about={t(isAtLeast(role, "admin") ? "settings.about" : "settings.aboutViewer")}
      >
        <SettingsForm organization={organization} />
      </Section>
      {role === "owner" && <DangerZone />}
    </Stack>
  );
};

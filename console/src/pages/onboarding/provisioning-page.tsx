import { Anchor, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageTitle } from "../../components/page-title.tsx";
import { VaultProgress } from "./vault-progress.tsx";
import { WithOrganization } from "./with-organization.tsx";

export const ProvisioningPage = () => {
  const { t } = useTranslation("onboarding");
  return (
    <WithOrganization>
      {(organization) => (
        <Stack maw={720} mx="auto">
          <PageTitle title={organization.name} about={t("safe")} />
          <VaultProgress organization={organization} />
          <Anchor component={Link} to={`/dashboard/org/${organization.slug}`}>
            {t("toDashboard")}
          </Anchor>
        </Stack>
      )}
    </WithOrganization>
  );
};

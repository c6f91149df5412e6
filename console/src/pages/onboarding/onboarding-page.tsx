import { Button, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { OrganizationView } from "../../../../control-api/contract/organizations.ts";
import { isAtLeast } from "../../../../control-api/contract/route-contract.ts";
import { PageTitle } from "../../components/page-title.tsx";
import { InviteTeam } from "./invite-team.tsx";
import { OrganizationCheck } from "./organization-check.tsx";
import { VaultProgress } from "./vault-progress.tsx";
import { WithOrganization } from "./with-organization.tsx";

const Steps = ({ organization }: { organization: OrganizationView }) => {
  const { t } = useTranslation("onboarding");
  const maySteer = isAtLeast(organization.role, "admin");
  return (
    <Stack maw={720} mx="auto" gap="lg">
      <PageTitle title={t("welcome", { name: organization.name })} about={t("safe")} />
      <VaultProgress organization={organization} />
      {maySteer && <OrganizationCheck organization={organization} />}
      {maySteer && <InviteTeam organization={organization} />}
      <Button component={Link} to={`/dashboard/org/${organization.slug}`} variant="default">
        {t("toDashboard")}
      </Button>
    </Stack>
  );
};

/** After the mail is proven: the vault comes alive, and meanwhile there is time for the name and the team. */
export const OnboardingPage = () => (
  <WithOrganization>{(organization) => <Steps organization={organization} />}</WithOrganization>
);

import { Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  getProvisioning,
  type OrganizationView,
  type Provisioning,
  retryProvisioning,
} from "../../../../control-api/contract/organizations.ts";
import { isAtLeast } from "../../../../control-api/contract/route-contract.ts";
import { useApiEvents } from "../../api/use-api-events.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { StepList } from "./step-list.tsx";

const colours: Record<Provisioning["state"], string> = {
  "awaiting-approval": "yellow",
  rejected: "red",
  preparing: "voice",
  live: "green",
  failed: "red",
  "read-only": "yellow",
  suspended: "gray",
  closing: "gray",
};

const Acts = ({ organization, seen }: { organization: OrganizationView; seen: Provisioning }) => {
  const { t } = useTranslation("onboarding");
  const retry = useApiMutation(retryProvisioning);
  const { slug, role } = organization;
  const mayRetry = seen.state === "failed" && isAtLeast(role, "admin");
  const isThere = (seen.state === "live" || seen.state === "read-only") && seen.url !== null;
  return (
    <>
      {(isThere || mayRetry) && (
        <Group>
          {isThere && (
            <Button component="a" href={seen.url ?? ""}>
              {t("open")}
            </Button>
          )}
          {mayRetry && (
            <Button loading={retry.isPending} onClick={() => retry.mutate({ params: { slug } })}>
              {t("retry")}
            </Button>
          )}
        </Group>
      )}
      {retry.error && <ProblemNotice problem={retry.error} />}
    </>
  );
};

/** How far the vault is, told as it happens. Nothing is lost by reloading or leaving: the work does not depend on it. */
export const VaultProgress = ({ organization }: { organization: OrganizationView }) => {
  const { t } = useTranslation("onboarding");
  const asked = { params: { slug: organization.slug } };
  const { data: seen, error, refetch } = useApiQuery(getProvisioning, asked);
  useApiEvents(getProvisioning, asked, seen !== undefined);
  if (error && !seen) return <ProblemNotice problem={error} onRetry={() => void refetch()} />;
  if (!seen) return <PageSkeleton />;
  return (
    <Paper>
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{t("vault")}</Title>
          <Badge color={colours[seen.state]} variant="light" size="lg">
            {t(`state.${seen.state}`)}
          </Badge>
        </Group>
        <Text role="status">
          {seen.failure && `${t(`organizations:vault.failure.${seen.failure.code}`)} `}
          {t(`message.${seen.state}`)}
        </Text>
        <StepList steps={seen.steps} />
        <Acts organization={organization} seen={seen} />
      </Stack>
    </Paper>
  );
};

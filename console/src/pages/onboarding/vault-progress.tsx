import { Badge, Paper, Stack, Text, Group, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { OrganizationView, Provisioning } from "../../../../control-api/contract/organizations.ts";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useProvisioning } from "../../components/vault/use-provisioning.ts";
import { VaultActs } from "../../components/vault/vault-acts.tsx";
import { vaultColours } from "../../components/vault/vault-colours.ts";
import { CallOff } from "./call-off.tsx";
import { StepList } from "./step-list.tsx";

/** Nobody has used it, and it is not over either. */
const isOnItsWay = ({ state, liveAt }: Provisioning): boolean =>
  liveAt === null && ["awaiting-approval", "preparing", "failed"].includes(state);

/** How far the vault is, told as it happens. Nothing is lost by reloading or leaving: the work does not depend on it. */
export const VaultProgress = ({ organization }: { organization: OrganizationView }) => {
  const { t } = useTranslation("onboarding");
  const { data: seen, error, refetch } = useProvisioning(organization.slug);
  if (error && !seen) return <ProblemNotice problem={error} onRetry={() => void refetch()} />;
  if (!seen) return <PageSkeleton />;
  return (
    <Paper>
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{t("vault")}</Title>
          <Badge color={vaultColours[seen.state]} variant="light" size="lg">
            {t(`state.${seen.state}`)}
          </Badge>
        </Group>
        <Text role="status">
          {seen.failure && `${t(`vaultFailure.${seen.failure.code}`)} `}
          {t(`message.${seen.state}`)}
        </Text>
        <StepList steps={seen.steps} />
        <VaultActs organization={organization} provisioning={seen}>
          {organization.role === "owner" && isOnItsWay(seen) && <CallOff organization={organization} />}
        </VaultActs>
      </Stack>
    </Paper>
  );
};

import { Anchor, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { OrganizationView, Provisioning } from "../../../../../control-api/contract/organizations.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Section } from "../../../components/section.tsx";
import { useProvisioning } from "../../../components/vault/use-provisioning.ts";
import { VaultActs } from "../../../components/vault/vault-acts.tsx";
import { VaultBadge } from "./vault-badge.tsx";

const toFollow: readonly Provisioning["state"][] = ["preparing", "awaiting-approval", "failed"];

/** The organization's own vault: how it is, where it is, and what to do when it is not there. Follows each change. */
export const VaultPanel = ({ organization }: { organization: OrganizationView }) => {
  const { t } = useTranslation("organizations");
  const { slug } = organization;
  const { data, error, refetch } = useProvisioning(slug);
  return (
    <Section title={t("vault.title")} actions={data && <VaultBadge state={data.state} />}>
      {!data && !error && <Skeleton height={72} />}
      {error && !data && <ProblemNotice problem={error} onRetry={() => void refetch()} />}
      {data && (
        <Stack gap="sm" aria-live="polite">
          <Text>
            {data.failure && `${t(`vaultFailure.${data.failure.code}`)} `}
            {t(`vault.about.${data.state}`)}
          </Text>
          {data.url !== null && (
            <Text size="sm">
              {t("vault.address")} <Anchor href={data.url}>{new URL(data.url).host}</Anchor>
            </Text>
          )}
          <VaultActs organization={organization} provisioning={data}>
            {toFollow.includes(data.state) && (
              <Button component={Link} to={`/onboarding/${slug}`} variant="default">
                {t("vault.follow")}
              </Button>
            )}
          </VaultActs>
        </Stack>
      )}
    </Section>
  );
};

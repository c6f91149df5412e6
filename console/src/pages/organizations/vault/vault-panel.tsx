import { Anchor, Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import {
  getProvisioning,
  type OrganizationView,
  type Provisioning,
  retryProvisioning,
} from "../../../../../control-api/contract/organizations.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { useApiEvents } from "../../../api/use-api-events.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { useApiQuery } from "../../../api/use-api-query.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Section } from "../../../components/section.tsx";
import { VaultBadge } from "./vault-badge.tsx";

const NextStep = ({ organization, provisioning }: { organization: OrganizationView; provisioning: Provisioning }) => {
  const { t } = useTranslation("organizations");
  const { slug, role } = organization;
  const { state, url } = provisioning;
  const retry = useApiMutation(retryProvisioning);
  return (
    <>
      <Group>
        {(state === "live" || state === "read-only") && url !== null && (
          <Button component="a" href={url}>
            {t("vault.open")}
          </Button>
        )}
        {state === "failed" && isAtLeast(role, "admin") && (
          <Button loading={retry.isPending} onClick={() => retry.mutate({ params: { slug } })}>
            {t("vault.retry")}
          </Button>
        )}
        {["preparing", "awaiting-approval", "failed"].includes(state) && (
          <Button component={Link} to={`/onboarding/${slug}`} variant="default">
            {t("vault.follow")}
          </Button>
        )}
      </Group>
      {retry.error && <ProblemNotice problem={retry.error} />}
    </>
  );
};

/** The organization's own vault: how it is, where it is, and what to do when it is not there. Follows each change. */
export const VaultPanel = ({ organization }: { organization: OrganizationView }) => {
  const { t } = useTranslation("organizations");
  const asked = { params: { slug: organization.slug } };
  const { data, error, refetch } = useApiQuery(getProvisioning, asked);
  useApiEvents(getProvisioning, asked, data !== undefined);
  return (
    <Section title={t("vault.title")} actions={data && <VaultBadge state={data.state} />}>
      {!data && !error && <Skeleton height={72} />}
      {error && !data && <ProblemNotice problem={error} onRetry={() => void refetch()} />}
      {data && (
        <Stack gap="sm" aria-live="polite">
          <Text>
            {data.failure && `${t(`vault.failure.${data.failure.code}`)} `}
            {t(`vault.about.${data.state}`)}
          </Text>
          {data.url !== null && (
            <Text size="sm">
              {t("vault.address")} <Anchor href={data.url}>{new URL(data.url).host}</Anchor>
            </Text>
          )}
          <NextStep organization={organization} provisioning={data} />
        </Stack>
      )}
    </Section>
  );
};

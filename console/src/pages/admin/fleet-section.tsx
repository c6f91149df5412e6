import { Paper, Skeleton, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TenantRow } from "../../../../control-api/contract/admin.ts";
import { MoreButton } from "../../components/more-button.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Section } from "../../components/section.tsx";
import type { FleetFilter } from "./fleet-filter.ts";
import { useFleet } from "./use-fleet.ts";

interface FleetSectionProps {
  /** Of its words: `queue.<name>` is the heading, `queue.<name>Empty` is said when there is nothing. */
  readonly name: "approvals" | "failed";
  readonly filter: FleetFilter;
  readonly children: (row: TenantRow) => ReactNode;
}

/** Organizations of one kind, each with what can be done about it. */
export const FleetSection = ({ name, filter, children }: FleetSectionProps) => {
  const { t } = useTranslation("admin");
  const fleet = useFleet(filter);
  const rows = fleet.items;
  return (
    <Section plain title={t(`queue.${name}`)}>
      {fleet.error && <ProblemNotice problem={fleet.error} onRetry={fleet.retry} />}
      {fleet.isPending && <Skeleton height={72} radius="lg" />}
      {rows?.length === 0 && <Text c="dimmed">{t(`queue.${name}Empty`)}</Text>}
      <Stack gap="sm">
        {rows?.map((row) => (
          <Paper key={row.organization.id} p="md">
            {children(row)}
          </Paper>
        ))}
        <MoreButton list={fleet} label={t("more")} />
      </Stack>
    </Section>
  );
};

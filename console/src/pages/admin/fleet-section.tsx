import { Button, Paper, Skeleton, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TenantRow } from "../../../../control-api/contract/admin.ts";
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
  const rows = fleet.data?.pages.flatMap(({ items }) => items);
  return (
    <Section plain title={t(`queue.${name}`)}>
      {fleet.error && <ProblemNotice problem={fleet.error} onRetry={() => void fleet.refetch()} />}
      {fleet.isPending && <Skeleton height={72} radius="lg" />}
      {rows?.length === 0 && <Text c="dimmed">{t(`queue.${name}Empty`)}</Text>}
      <Stack gap="sm">
        {rows?.map((row) => (
          <Paper key={row.organization.id} p="md">
            {children(row)}
          </Paper>
        ))}
      </Stack>
      {fleet.hasNextPage && (
        <Button mt="sm" variant="default" onClick={() => void fleet.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </Section>
  );
};

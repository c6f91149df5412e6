import { Button, Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TenantRow } from "../../../../control-api/contract/admin.ts";
import type { ApiPages } from "../../api/use-api-pages.ts";
import { MoreButton } from "../../components/more-button.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { ExportFleet } from "./export-fleet.tsx";
import { FleetFilters } from "./fleet-filters.tsx";
import { FleetHealth } from "./fleet-health.tsx";
import { FleetTable } from "./fleet-table.tsx";
import { useFleet } from "./use-fleet.ts";
import { useFleetFilter } from "./use-fleet-filter.ts";

const Empty = ({ filtered }: { filtered: boolean }) => {
  const { t } = useTranslation("admin");
  const kind = filtered ? "none" : "empty";
  return (
    <Paper>
      <Title order={2}>{t(`fleet.${kind}Title`)}</Title>
      <Text mt={4} mb={filtered ? 0 : "md"}>
        {t(`fleet.${kind}Text`)}
      </Text>
      {!filtered && (
        <Button component={Link} to="/admin/new">
          {t("fleet.emptyAct")}
        </Button>
      )}
    </Paper>
  );
};

const Listed = ({ rows, fleet }: { rows: readonly TenantRow[]; fleet: ApiPages<TenantRow> }) => {
  const { t } = useTranslation("admin");
  return (
    <>
      <FleetTable rows={rows} />
      <Group>
        <Text size="sm" c="dimmed" role="status">
          {t("fleet.shown", { count: rows.length })}
        </Text>
        <MoreButton list={fleet} label={t("more")} />
      </Group>
    </>
  );
};

/** All organizations with their vaults: counted, filtered, listed, exported. */
export const FleetPage = () => {
  const { t } = useTranslation("admin");
  const [filter] = useFleetFilter();
  const fleet = useFleet(filter);
  const rows = fleet.items;
  return (
    <>
      <PageTitle title={t("fleet.title")} about={t("fleet.lead")} actions={<ExportFleet filter={filter} />} />
      <Stack gap="lg">
        <FleetHealth />
        <FleetFilters />
        {fleet.error && <ProblemNotice problem={fleet.error} onRetry={fleet.retry} />}
        {fleet.isPending && <Skeleton height={240} radius="lg" />}
        {rows?.length === 0 && <Empty filtered={Object.keys(filter).length > 0} />}
        {rows && rows.length > 0 && <Listed rows={rows} fleet={fleet} />}
      </Stack>
    </>
  );
};

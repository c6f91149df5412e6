import { Anchor, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TenantRow } from "../../../../control-api/contract/admin.ts";
import classes from "./admin.module.css";
import { PhaseBadge } from "./phase-badge.tsx";
import { When } from "./when.tsx";

const Row = ({ row }: { row: TenantRow }) => {
  const { t } = useTranslation("admin");
  const { organization, plan, phase, release, url, createdAt, message, ready, approval } = row;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/admin/tenants/${organization.slug}`} fw={600}>
          {organization.name}
        </Anchor>
        <Text size="sm" c="dimmed">
          {organization.slug} · {t(`type.${organization.type}`)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-start">
          <PhaseBadge phase={phase} />
          {approval !== "approved" && <Text size="xs">{t(`approval.${approval}`)}</Text>}
          {phase === "Failed" && (
            <Text size="xs" c="dimmed" lineClamp={2} maw={260}>
              {message}
            </Text>
          )}
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="sm">{plan}</Table.Td>
      <Table.Td visibleFrom="md">{t(ready ? "fleet.yes" : "fleet.no")}</Table.Td>
      <Table.Td visibleFrom="md">{release ?? "–"}</Table.Td>
      <Table.Td visibleFrom="sm">
        {url === null ? (
          "–"
        ) : (
          <Anchor href={url} size="sm">
            {new URL(url).host}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <When at={createdAt} />
      </Table.Td>
    </Table.Tr>
  );
};

/** Organizations with their vaults, in the columns of `kubectl get tenants`; a phone shows the first two. */
export const FleetTable = ({ rows }: { rows: readonly TenantRow[] }) => {
  const { t } = useTranslation("admin");
  return (
    <Table className={classes["table"] ?? ""} verticalSpacing="sm" highlightOnHover aria-label={t("fleet.table")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("fleet.organization")}</Table.Th>
          <Table.Th>{t("fleet.phase")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("fleet.plan")}</Table.Th>
          <Table.Th visibleFrom="md">{t("fleet.ready")}</Table.Th>
          <Table.Th visibleFrom="md">{t("fleet.release")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("fleet.address")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("fleet.age")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Row key={row.organization.id} row={row} />
        ))}
      </Table.Tbody>
    </Table>
  );
};

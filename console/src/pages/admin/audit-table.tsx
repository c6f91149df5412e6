import { Anchor, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { AuditEntry } from "../../../../control-api/contract/audit.ts";
import classes from "./admin.module.css";
import { detailWords } from "./detail-words.ts";
import { useAdminWord } from "./use-admin-word.ts";
import { When } from "./when.tsx";

const Row = ({ entry }: { entry: AuditEntry }) => {
  const { t } = useTranslation("admin");
  const word = useAdminWord();
  const { at, action, actor, organization, number, detail, requestId } = entry;
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{word.action(action)}</Text>
        <Text size="sm" c="dimmed">
          {t("tenant.by", { actor: actor.name ?? word.actor(actor.kind) })} · <When at={at} />
        </Text>
      </Table.Td>
      <Table.Td>
        {organization && (
          <Anchor component={Link} to={`/admin/tenants/${organization.slug}`}>
            <bdi>{organization.name}</bdi>
          </Anchor>
        )}
        <Text size="sm" c="dimmed">
          {t("audit.number", { number })}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm">{detailWords(detail)}</Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="xs" ff="monospace" c="dimmed">
          {requestId}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
};

/** Entries of the audit log, as they were given. */
export const AuditTable = ({ entries }: { entries: readonly AuditEntry[] }) => {
  const { t } = useTranslation("admin");
  return (
    <Table className={classes["table"] ?? ""} verticalSpacing="sm" aria-label={t("audit.title")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("audit.change")}</Table.Th>
          <Table.Th>{t("audit.organization")}</Table.Th>
          <Table.Th visibleFrom="md">{t("audit.detail")}</Table.Th>
          <Table.Th visibleFrom="md">{t("audit.request")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Row key={`${entry.organization?.slug ?? ""} ${entry.number}`} entry={entry} />
        ))}
      </Table.Tbody>
    </Table>
  );
};

import { Code, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TenantRow } from "../../../../control-api/contract/admin.ts";
import { OrganizationLine } from "./organization-line.tsx";
import { RetryButton } from "./retry-button.tsx";

/** A vault that failed, why in the operator's own words, and how to have it tried again. */
export const FailedVault = ({ row, onDone }: { row: TenantRow; onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  return (
    <Group justify="space-between" align="flex-start" gap="md">
      <div style={{ flex: "1 1 20rem", minWidth: 0 }}>
        <OrganizationLine organization={row.organization} />
        <Text mt={6}>
          <strong>{row.reason}</strong> {row.message}
        </Text>
        <Text size="sm" c="dimmed" mt={4}>
          {t("queue.explain")} <Code>{`polyphony explain ${row.reason}`}</Code>
        </Text>
      </div>
      <RetryButton row={row} onDone={onDone} />
    </Group>
  );
};

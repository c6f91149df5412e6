import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TenantRow } from "../../../../control-api/contract/admin.ts";
import { Decide } from "./decide.tsx";
import { OrganizationLine } from "./organization-line.tsx";
import { When } from "./when.tsx";

/** One that waits for staff's yes or no. */
export const WaitingOrganization = ({ row, onDone }: { row: TenantRow; onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  return (
    <Group justify="space-between" gap="md">
      <div>
        <OrganizationLine organization={row.organization} />
        <Text size="sm">
          {t("tenant.registered")} <When at={row.createdAt} />
        </Text>
      </div>
      <Decide row={row} onDone={onDone} />
    </Group>
  );
};

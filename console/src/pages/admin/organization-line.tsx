import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TenantRow } from "../../../../control-api/contract/admin.ts";

/** An organization's name, leading to all that is known of it, with its slug and kind. */
export const OrganizationLine = ({ organization }: Pick<TenantRow, "organization">) => {
  const { t } = useTranslation("admin");
  const { name, slug, type } = organization;
  return (
    <>
      <Anchor component={Link} to={`/admin/tenants/${slug}`} fw={600}>
        <bdi>{name}</bdi>
      </Anchor>
      <Text size="sm" c="dimmed">
        {slug} · {t(`type.${type}`)}
      </Text>
    </>
  );
};

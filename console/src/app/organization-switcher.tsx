import { Button, Menu, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import type { Me } from "../../../control-api/contract/login.ts";

const slugIn = (path: string): string => /^\/(?:dashboard\/org|onboarding)\/([^/]+)/.exec(path)?.[1] ?? "";

/** In which organization this page is, and the way to the others. */
export const OrganizationSwitcher = ({ me }: { me: Me }) => {
  const { t } = useTranslation();
  const here = slugIn(useLocation().pathname);
  const current = me.organizations.find(({ slug }) => slug === here);
  return (
    <Menu position="bottom-start" width={280} shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          maw={260}
          miw={0}
          rightSection={<span aria-hidden="true">▾</span>}
          {...(current ? { "aria-label": t("switch", { name: current.name }) } : {})}
        >
          <Text span truncate size="sm" fw={600}>
            {current?.name ?? t("choose")}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {me.organizations.map(({ id, slug, name, type }) => (
          <Menu.Item
            key={id}
            component={Link}
            to={`/dashboard/org/${slug}`}
            aria-current={slug === here ? "true" : undefined}
          >
            <Text size="sm" fw={slug === here ? 700 : 500} truncate>
              <bdi>{name}</bdi>
            </Text>
            <Text size="xs" c="dimmed">
              {t(`type.${type}`)}
            </Text>
          </Menu.Item>
        ))}
        {me.organizations.length > 0 && <Menu.Divider />}
        <Menu.Item component={Link} to="/register">
          {t("newOrganization")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

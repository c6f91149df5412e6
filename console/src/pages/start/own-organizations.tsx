import { Anchor, Button, Group, Paper, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Me } from "../../../../control-api/contract/login.ts";
import { PageTitle } from "../../components/page-title.tsx";

export const OwnOrganizations = ({ me }: { me: Me }) => {
  const { t } = useTranslation("start");
  const hasNone = me.organizations.length === 0;
  return (
    <>
      <PageTitle title={t("hello", { name: me.name })} about={t(hasNone ? "none" : "choose")} />
      <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} mb="lg">
        {me.organizations.map(({ id, slug, name, type, role }) => (
          <Paper key={id}>
            <Anchor component={Link} to={`/dashboard/org/${slug}`} fw={650} size="lg">
              <bdi>{name}</bdi>
            </Anchor>
            <Text size="sm" c="dimmed">
              {t(`type.${type}`)} · {t(`role.${role}`)}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      <Group>
        <Button component={Link} to="/register" variant={hasNone ? "filled" : "default"}>
          {hasNone ? t("register") : t("newOrganization")}
        </Button>
      </Group>
    </>
  );
};

import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "../../api/use-me.ts";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { EmptyState } from "./empty-state.tsx";
import classes from "./organizations.module.css";

/** The organizations somebody belongs to, to go on with one, and the way to another. */
export const DashboardPage = () => {
  const { t } = useTranslation("organizations");
  const { data: me } = useMe();
  if (!me) return <PageSkeleton />;
  const register = (
    <Button component={Link} to="/register">
      {t("dashboard.register")}
    </Button>
  );
  if (me.organizations.length === 0) {
    return (
      <>
        <PageTitle title={t("dashboard.title")} />
        <EmptyState title={t("dashboard.none")} text={t("dashboard.noneText", { email: me.email })}>
          {register}
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageTitle title={t("dashboard.title")} about={t("dashboard.about")} actions={register} />
      <ul className={classes["cards"]}>
        {me.organizations.map(({ id, slug, name, type, role }) => (
          <li key={id}>
            <Link to={`/dashboard/org/${slug}`} className={classes["card"] ?? ""}>
              <Title order={2} size="h3">
                <bdi>{name}</bdi>
              </Title>
              <Text size="sm" c="dimmed" mb="sm">
                {slug}
              </Text>
              <Group gap="xs">
                <Badge variant="light" color={type === "umbrella" ? "clay" : "voice"}>
                  {t(`type.${type}`)}
                </Badge>
                <Text span size="sm">
                  {t(`role.${role}`)}
                </Text>
              </Group>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
};

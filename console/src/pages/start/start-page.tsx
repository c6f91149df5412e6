import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageTitle } from "../../components/page-title.tsx";

export const StartPage = () => {
  const { t } = useTranslation("start");
  return (
    <>
      <PageTitle title={t("title")} about={t("text")} />
      <Group>
        <Button component={Link} to="/register">
          {t("register")}
        </Button>
        <Button component="a" href="/login" variant="default">
          {t("logIn")}
        </Button>
      </Group>
    </>
  );
};

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageTitle } from "./page-title.tsx";

export const NotFound = () => {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle title={t("notFound.title")} about={t("notFound.text")} />
      <Button component={Link} to="/">
        {t("notFound.action")}
      </Button>
    </>
  );
};

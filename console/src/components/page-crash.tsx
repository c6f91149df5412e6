import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PageTitle } from "./page-title.tsx";

/** In place of a page that threw while it was drawn. */
export const PageCrash = () => {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle title={t("crash.title")} about={t("crash.text")} />
      <Button onClick={() => window.location.reload()}>{t("crash.action")}</Button>
    </>
  );
};

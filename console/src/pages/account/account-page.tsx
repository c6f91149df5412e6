import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/use-me.ts";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { Section } from "../../components/section.tsx";
import { AccountForm } from "./account-form.tsx";
import { Sessions } from "./sessions.tsx";

/** A person's own name, language and logins. */
export const AccountPage = () => {
  const { t } = useTranslation("account");
  const { data: me } = useMe();
  if (!me) return <PageSkeleton />;
  return (
    <>
      <PageTitle title={t("title")} about={t("about", { email: me.email })} />
      <Stack gap="lg">
        <Section title={t("you")}>
          <AccountForm me={me} />
        </Section>
        <Sessions />
      </Stack>
    </>
  );
};

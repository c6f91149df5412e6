import { Button, List, Paper, Stack, Text } from "@mantine/core";
import { Trans, useTranslation } from "react-i18next";
import { Link, Navigate, useLocation } from "react-router";
import { z } from "zod";
import { PageTitle } from "../../components/page-title.tsx";

const Sent = z.object({ mailSentTo: z.string(), slug: z.string() });

/** After registering. What was sent stands in the history entry, so that reloading shows it again. */
export const CheckMailPage = () => {
  const { t } = useTranslation("register");
  const sent = Sent.safeParse(useLocation().state).data;
  if (!sent) return <Navigate to="/register" replace />;
  return (
    <Stack maw={680} mx="auto">
      <PageTitle title={t("sent.title")} />
      <Paper>
        <Stack>
          <Text>
            <Trans t={t} i18nKey="sent.text" values={{ email: sent.mailSentTo }} components={{ b: <b /> }} />
          </Text>
          <Text>
            <Trans t={t} i18nKey="sent.held" values={{ slug: sent.slug }} components={{ b: <b /> }} />
          </Text>
          <Text fw={600}>{t("sent.nothing")}</Text>
          <List size="sm">
            <List.Item>{t("sent.spam")}</List.Item>
            <List.Item>{t("sent.late")}</List.Item>
            <List.Item>{t("sent.typo")}</List.Item>
          </List>
          <Button component={Link} to="/register" variant="default" style={{ alignSelf: "flex-start" }}>
            {t("sent.again")}
          </Button>
        </Stack>
      </Paper>
    </Stack>
  );
};

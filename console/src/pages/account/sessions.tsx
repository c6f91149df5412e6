import { Badge, Button, Skeleton, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { z } from "zod";
import { logOutEverywhere } from "../../../../control-api/contract/account.ts";
import { deleteSession, getSessions, type SessionView } from "../../../../control-api/contract/login.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { OnDate } from "../../components/on-date.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Row, Rows, RowTitle } from "../../components/rows.tsx";
import { Section } from "../../components/section.tsx";
import { deviceOf } from "./device-of.ts";

const SessionRow = ({ session }: { session: z.infer<typeof SessionView> }) => {
  const { t } = useTranslation("account");
  const end = useApiMutation(deleteSession);
  const { id, current, userAgent, address, createdAt, lastSeenAt } = session;
  const device = deviceOf(userAgent);
  const name = device === null ? t("unknownDevice") : t("device", device);
  const endIt = !current && (
    <Button
      size="sm"
      variant="default"
      loading={end.isPending}
      onClick={() => end.mutate({ params: { id } })}
      aria-label={t("endNamed", { name })}
    >
      {t("end")}
    </Button>
  );
  return (
    <Row side={endIt}>
      <RowTitle
        badge={
          current && (
            <Badge variant="light" color="green">
              {t("thisOne")}
            </Badge>
          )
        }
      >
        {name}
      </RowTitle>
      <Text size="sm" c="dimmed">
        {t("since")} <OnDate at={createdAt} time /> · {t("lastSeen")} <OnDate at={lastSeenAt} time /> ·{" "}
        {address.replace(/^::ffff:/, "")}
      </Text>
      {end.error && <ProblemNotice problem={end.error} />}
    </Row>
  );
};

/** Where the person is logged in, each login to be ended, or all at once. */
export const Sessions = () => {
  const { t } = useTranslation("account");
  const { data, error, refetch } = useApiQuery(getSessions, {});
  // Nobody is logged in after it, so that the page leads to the login by itself.
  const endAll = useApiMutation(logOutEverywhere);
  return (
    <Section
      title={t("sessions")}
      about={t("sessionsAbout")}
      actions={
        <Button size="sm" color="red" variant="outline" loading={endAll.isPending} onClick={() => endAll.mutate({})}>
          {t("endAll")}
        </Button>
      }
    >
      {endAll.error && <ProblemNotice problem={endAll.error} />}
      {error && !data && <ProblemNotice problem={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={96} />}
      <Rows label={t("sessions")}>
        {data?.items.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </Rows>
    </Section>
  );
};

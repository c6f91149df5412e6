import { Anchor, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { getTenant, type TenantRow } from "../../../../control-api/contract/admin.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { useMe } from "../../api/use-me.ts";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Section } from "../../components/section.tsx";
import { Decide } from "./decide.tsx";
import { DoneNotice } from "./done-notice.tsx";
import { PhaseBadge } from "./phase-badge.tsx";
import { ReasonButton } from "./reason-button.tsx";
import { ResumeButton } from "./resume-button.tsx";
import { RetryButton } from "./retry-button.tsx";
import { TenantFacts } from "./tenant-facts.tsx";
import { TenantTimeline } from "./tenant-timeline.tsx";

type ActionsProps = { row: TenantRow; onDone: (words: string) => void };

/** What platform admins may do; support may only look and try again. */
const Switches = ({ row, onDone }: ActionsProps) => (
  <>
    {row.phase === "Failed" && row.release === null && <ReasonButton act="cancel" row={row} onDone={onDone} />}
    {row.activity === "Running" && <ReasonButton act="suspend" row={row} onDone={onDone} />}
    {row.activity === "Suspended" && <ResumeButton row={row} onDone={onDone} />}
  </>
);

const Actions = ({ row, onDone }: ActionsProps) => {
  const { t } = useTranslation("admin");
  const { data: me } = useMe();
  if (row.approval === "pending") return <Decide row={row} onDone={onDone} />;
  if (row.approval === "rejected") return null;
  return (
    <Group gap="xs">
      {row.url !== null && row.ready && (
        <Button component="a" href={row.url} size="sm" variant="default">
          {t("openVault")}
        </Button>
      )}
      {!row.ready && row.activity === "Running" && <RetryButton row={row} onDone={onDone} />}
      {me?.platformRole === "admin" && <Switches row={row} onDone={onDone} />}
    </Group>
  );
};

const Shown = ({ row }: { row: TenantRow }) => {
  const { t } = useTranslation("admin");
  const [done, setDone] = useState("");
  const { organization, phase, message } = row;
  return (
    <>
      <PageTitle
        title={organization.name}
        about={`${organization.slug} · ${t(`type.${organization.type}`)}`}
        actions={<Actions row={row} onDone={setDone} />}
      />
      <DoneNotice words={done} />
      <Stack gap="xl">
        <Paper>
          <Group gap="sm" mb="md">
            <PhaseBadge phase={phase} />
            <Text>{message}</Text>
          </Group>
          <TenantFacts row={row} />
        </Paper>
        <Section plain title={t("tenant.timeline")} about={t("tenant.timelineLead")}>
          <TenantTimeline slug={organization.slug} />
        </Section>
      </Stack>
    </>
  );
};

/** One organization with its vault: how it is, what can be done, and all that happened. */
export const TenantPage = () => {
  const { t } = useTranslation("admin");
  const { slug = "" } = useParams();
  const { data, error, refetch } = useApiQuery(getTenant, { params: { slug } }, { refetchInterval: 3_000 });
  return (
    <>
      <Anchor component={Link} to="/admin" size="sm" display="inline-block" mb="sm">
        {t("tenant.back")}
      </Anchor>
      {error?.status === 404 && (
        <PageTitle title={t("tenant.missingTitle")} about={t("tenant.missingText", { slug })} />
      )}
      {error && error.status !== 404 && <ProblemNotice problem={error} onRetry={() => void refetch()} />}
      {data && <Shown row={data} />}
      {!data && !error && <PageSkeleton />}
    </>
  );
};

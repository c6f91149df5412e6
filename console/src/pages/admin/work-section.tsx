import { Paper, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { listQueue } from "../../../../control-api/contract/queue.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Section } from "../../components/section.tsx";
import { WorkRow } from "./work-row.tsx";

/** Mails to send and Tenants to write: what is not done, the newest two hundred of it. */
export const WorkSection = ({ onDone }: { onDone: (words: string) => void }) => {
  const { t } = useTranslation("admin");
  const work = useApiQuery(listQueue, { query: { limit: 200 } }, { refetchInterval: 5_000 });
  return (
    <Section plain title={t("queue.work")} about={t("queue.workLead")}>
      {work.error && <ProblemNotice problem={work.error} onRetry={() => void work.refetch()} />}
      {work.isPending && <Skeleton height={72} radius="lg" />}
      {work.data?.items.length === 0 && <Text c="dimmed">{t("queue.workEmpty")}</Text>}
      <Stack gap="sm">
        {work.data?.items.map((row) => (
          <Paper key={row.id} p="md">
            <WorkRow row={row} onDone={onDone} />
          </Paper>
        ))}
      </Stack>
    </Section>
  );
};

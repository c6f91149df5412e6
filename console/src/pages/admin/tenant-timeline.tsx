import { Skeleton, Text, Timeline } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { getTimeline } from "../../../../control-api/contract/admin.ts";
import type { Answer } from "../../api/api-client.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { detailWords } from "./detail-words.ts";
import { useAdminWord } from "./use-admin-word.ts";
import { When } from "./when.tsx";

type Entry = Answer<typeof getTimeline>["items"][number];

const useTitle = (): ((entry: Entry) => string) => {
  const { t } = useTranslation("admin");
  const word = useAdminWord();
  const ofVault = (phase: string): string => t("tenant.vaultIs", { phase: word.phase(phase) });
  return ({ kind, what }) => ({ audit: word.action, work: word.work, vault: ofVault })[kind](what);
};

/** All that happened to an organization and its vault, newest first. */
export const TenantTimeline = ({ slug }: { slug: string }) => {
  const { t } = useTranslation("admin");
  const { actor: actorWord } = useAdminWord();
  const title = useTitle();
  const { data, error } = useApiQuery(getTimeline, { params: { slug } }, { refetchInterval: 3_000 });
  if (error) return <ProblemNotice problem={error} />;
  if (!data) return <Skeleton height={160} radius="lg" />;
  if (data.items.length === 0) return <Text c="dimmed">{t("tenant.timelineEmpty")}</Text>;
  return (
    <Timeline bulletSize={16} lineWidth={2}>
      {data.items.map((entry, index) => (
        <Timeline.Item key={`${entry.at} ${entry.what} ${index}`} title={title(entry)}>
          <Text size="sm">{detailWords(entry.detail)}</Text>
          <Text size="sm" c="dimmed">
            {t("tenant.by", { actor: actorWord(entry.actor) })} · <When at={entry.at} />
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
};

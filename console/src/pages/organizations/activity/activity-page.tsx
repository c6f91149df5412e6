import { Alert, Button, Group, NativeSelect, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type AuditEntry, exportAudit, listAudit } from "../../../../../control-api/contract/audit.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { addressOf } from "../../../api/api-client.ts";
import { useApiPages } from "../../../api/use-api-pages.ts";
import { MoreButton } from "../../../components/more-button.tsx";
import { OnDate } from "../../../components/on-date.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { EmptyState } from "../empty-state.tsx";
import { useOrganization } from "../organization-layout.tsx";
import { Row, Rows } from "../../../components/rows.tsx";
import { Section } from "../../../components/section.tsx";
import { activityAreas, auditQuery, wordsOf } from "./activity-filter.ts";
import { useActivityFilter } from "./use-activity-filter.ts";

const Filters = () => {
  const { t } = useTranslation("organizations");
  const [{ area, from, until }, change] = useActivityFilter();
  return (
    <Group mb="md" align="flex-end" role="search" aria-label={t("activity.filter")}>
      <NativeSelect
        label={t("activity.area")}
        size="md"
        value={area}
        onChange={(event) => change({ area: event.currentTarget.value })}
        data={[
          { value: "", label: t("activity.areas.all") },
          ...activityAreas.map((value) => ({ value, label: t(`activity.areas.${value}`) })),
        ]}
      />
      <TextInput
        type="date"
        label={t("activity.from")}
        value={from}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t("activity.until")}
        value={until}
        onChange={(event) => change({ until: event.currentTarget.value })}
      />
    </Group>
  );
};

const Entry = ({ entry }: { entry: AuditEntry }) => {
  const { t, i18n } = useTranslation("organizations");
  const { actor, action, at } = entry;
  const key = `activity.actions.${action}`;
  const who = actor.kind === "person" ? (actor.name ?? t("activity.nobody")) : t(`activity.${actor.kind}`);
  return (
    <Row
      side={
        <Text size="sm" c="dimmed">
          <OnDate at={at} time />
        </Text>
      }
    >
      <Text size="sm" fw={600}>
        {i18n.exists(key, { ns: "organizations" }) ? t(key) : wordsOf(action)}
      </Text>
      <Text size="sm" c="dimmed">
        <bdi>{who}</bdi>
      </Text>
    </Row>
  );
};

/** Who changed what in the organization, newest first; narrowed by what and when, and taken along as a file. */
export const ActivityPage = () => {
  const { t } = useTranslation("organizations");
  const { slug, role } = useOrganization();
  const [filter] = useActivityFilter();
  const maySee = isAtLeast(role, "admin");
  const query = auditQuery(filter);
  const activity = useApiPages(listAudit, { params: { slug }, query }, { enabled: maySee });
  const entries = activity.items;
  if (!maySee) return <Alert color="gray" title={t("activity.title")} children={t("activity.notYours")} />;
  return (
    <Section
      title={t("activity.title")}
      about={t("activity.about")}
      actions={
        <Button
          component="a"
          variant="default"
          size="sm"
          download
          href={addressOf(exportAudit, { params: { slug }, query: { ...query, format: "csv" } })}
        >
          {t("activity.export")}
        </Button>
      }
    >
      <Filters />
      {activity.error && !entries && <ProblemNotice problem={activity.error} onRetry={activity.retry} />}
      {activity.isPending && <Skeleton height={240} />}
      {entries?.length === 0 && <EmptyState title={t("activity.none")} text={t("activity.noneText")} />}
      <Stack>
        <Rows label={t("activity.title")}>
          {entries?.map((entry) => (
            <Entry key={entry.number} entry={entry} />
          ))}
        </Rows>
        <MoreButton list={activity} label={t("activity.more")} />
      </Stack>
    </Section>
  );
};

import { Button, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { exportPlatformAudit } from "../../../../control-api/contract/audit.ts";
import { addressOf } from "../../api/api-client.ts";
import { useMe } from "../../api/use-me.ts";
import { PageTitle } from "../../components/page-title.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { AuditTable } from "./audit-table.tsx";
import { type AuditFilter, useAudit } from "./use-audit.ts";
import { useVerification } from "./use-verification.tsx";

const named = ["organization", "action"] as const;

const readFilter = (parameters: URLSearchParams): AuditFilter =>
  Object.fromEntries(
    named.flatMap((name) => {
      const text = parameters.get(name)?.trim().slice(0, 100) ?? "";
      return text === "" ? [] : [[name, text]];
    }),
  );

const Filters = ({ filter }: { filter: AuditFilter }) => {
  const { t } = useTranslation("admin");
  const [, setParameters] = useSearchParams();
  const change = useDebouncedCallback((name: (typeof named)[number], text: string) => {
    const next = Object.entries({ ...filter, [name]: text.trim() });
    setParameters(
      next.flatMap(([key, value]): [string, string][] => (value === undefined || value === "" ? [] : [[key, value]])),
      { replace: true },
    );
  }, 300);
  return (
    <Group component="search" gap="sm">
      {named.map((name) => (
        <TextInput
          key={name}
          label={t(`audit.${name}`)}
          placeholder={t(`audit.${name}Hint`)}
          defaultValue={filter[name] ?? ""}
          onChange={(event) => change(name, event.currentTarget.value)}
          w={{ base: "100%", xs: 240 }}
        />
      ))}
    </Group>
  );
};

/** Who changed what on the whole platform, and whether the log of it is whole. */
export const AuditPage = () => {
  const { t } = useTranslation("admin");
  const [parameters] = useSearchParams();
  const { data: me } = useMe();
  const filter = readFilter(parameters);
  const log = useAudit(filter);
  const { button, verdict } = useVerification();
  const entries = log.data?.pages.flatMap(({ items }) => items);
  const file = addressOf(exportPlatformAudit, { query: { ...filter, format: "csv" } });
  const actions = (
    <Group gap="xs">
      {button}
      {me?.platformRole === "admin" && (
        <Button component="a" href={file} download variant="default">
          {t("fleet.export")}
        </Button>
      )}
    </Group>
  );
  return (
    <>
      <PageTitle title={t("audit.title")} about={t("audit.lead")} actions={actions} />
      {verdict}
      <Stack gap="lg">
        <Filters filter={filter} />
        {log.error && <ProblemNotice problem={log.error} onRetry={() => void log.refetch()} />}
        {log.isPending && <Skeleton height={240} radius="lg" />}
        {entries?.length === 0 && <Text c="dimmed">{t("audit.empty")}</Text>}
        {entries && entries.length > 0 && <AuditTable entries={entries} />}
        {log.hasNextPage && (
          <div>
            <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
              {t("more")}
            </Button>
          </div>
        )}
      </Stack>
    </>
  );
};

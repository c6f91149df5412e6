import { Button, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { exportPlatformAudit } from "../../../../control-api/contract/audit.ts";
import { addressOf } from "../../api/api-client.ts";
import { useMe } from "../../api/use-me.ts";
import { useAddressFilter } from "../../app/use-address-filter.ts";
import { PageTitle } from "../../components/page-title.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { AuditTable } from "./audit-table.tsx";
import { type AuditFilter, useAudit } from "./use-audit.ts";
import { useVerification } from "./use-verification.tsx";

const named = ["organization", "action"] as const;

const readFilter = (params: URLSearchParams): AuditFilter =>
  Object.fromEntries(
    named.flatMap((name) => {
      const text = params.get(name)?.trim().slice(0, 100) ?? "";
      return text === "" ? [] : [[name, text]];
    }),
  );

const FilterField = ({ name, value }: { name: (typeof named)[number]; value: string }) => {
  const { t } = useTranslation("admin");
  const [, change] = useAddressFilter();
  const changeSoon = useDebouncedCallback((text: string) => change({ [name]: text.trim() }), 300);
  return (
    <TextInput
      label={t(`audit.${name}`)}
      placeholder={t(`audit.${name}Hint`)}
      defaultValue={value}
      onChange={(event) => changeSoon(event.currentTarget.value)}
      w={{ base: "100%", xs: 240 }}
    />
  );
};

/** Who changed what on the whole platform, and whether the log of it is whole. */
export const AuditPage = () => {
  const { t } = useTranslation("admin");
  const [params] = useAddressFilter();
  const { data: me } = useMe();
  const filter = readFilter(params);
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
        <Group component="search" gap="sm">
          {named.map((name) => (
            <FilterField key={name} name={name} value={filter[name] ?? ""} />
          ))}
        </Group>
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

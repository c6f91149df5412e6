import { Button, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { exportPlatformAudit, listPlatformAudit } from "../../../../control-api/contract/audit.ts";
import { addressOf } from "../../api/api-client.ts";
import { useApiPages } from "../../api/use-api-pages.ts";
import { useMe } from "../../api/use-me.ts";
import { useAddressFilter } from "../../app/use-address-filter.ts";
import { MoreButton } from "../../components/more-button.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { AuditTable } from "./audit-table.tsx";
import { AuditVerdict, useAuditVerification } from "./audit-verification.tsx";

/** A slug, and an action or how it begins. */
const named = ["organization", "action"] as const;
type AuditFilter = Partial<Record<(typeof named)[number], string>>;

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
  const log = useApiPages(listPlatformAudit, { query: filter });
  const verification = useAuditVerification();
  const file = addressOf(exportPlatformAudit, { query: { ...filter, format: "csv" } });
  const actions = me?.platformRole === "admin" && (
    <Group gap="xs">
      <Button variant="default" loading={verification.isFetching} onClick={() => void verification.refetch()}>
        {t("audit.verify")}
      </Button>
      <Button component="a" href={file} download variant="default">
        {t("fleet.export")}
      </Button>
    </Group>
  );
  return (
    <>
      <PageTitle title={t("audit.title")} about={t("audit.lead")} actions={actions} />
      <AuditVerdict verification={verification} />
      <Stack gap="lg">
        <Group component="search" gap="sm">
          {named.map((name) => (
            <FilterField key={name} name={name} value={filter[name] ?? ""} />
          ))}
        </Group>
        {log.error && <ProblemNotice problem={log.error} onRetry={log.retry} />}
        {log.isPending && <Skeleton height={240} radius="lg" />}
        {log.items?.length === 0 && <Text c="dimmed">{t("audit.empty")}</Text>}
        {log.items && log.items.length > 0 && <AuditTable entries={log.items} />}
        <MoreButton list={log} label={t("more")} />
      </Stack>
    </>
  );
};

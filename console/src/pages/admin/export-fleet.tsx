import { Button, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listTenants, type TenantRow } from "../../../../control-api/contract/admin.ts";
import type { ApiClient } from "../../api/api-client.ts";
import { readPage } from "../../api/use-api-pages.ts";
import { useApi } from "../../api/api-context.tsx";
import type { ApiProblem } from "../../api/api-problem.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { csvOf } from "./csv.ts";
import type { FleetFilter } from "./fleet-filter.ts";

const pageSize = 200;

const allOf = async (api: ApiClient, filter: FleetFilter): Promise<TenantRow[]> => {
  const rows: TenantRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(api, listTenants, { query: { ...filter, limit: pageSize } }, { cursor });
    rows.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return rows;
};

/** One row for each organization, under stable English names of columns: programs read them. */
export const fleetCsv = (rows: readonly TenantRow[]): string =>
  csvOf([
    ["slug", "name", "type", "approval", "template", "plan", "phase", "reason", "message", "url", "created_at"],
    ...rows.map(({ organization: { slug, name, type }, approval, template, plan, phase, ...row }) => [
      ...[slug, name, type, approval, template, plan, phase, row.reason, row.message, row.url ?? "", row.createdAt],
    ]),
  ]);

const save = (text: string, name: string): void => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  // Not at once: the browser begins to read it after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};

/** All that the filters show, also what is not read yet, as a file. */
export const ExportFleet = ({ filter }: { filter: FleetFilter }) => {
  const { t } = useTranslation("admin");
  const api = useApi();
  const work = useMutation<unknown, ApiProblem>({
    mutationFn: async () => save(fleetCsv(await allOf(api, filter)), "fleet.csv"),
  });
  return (
    <Stack gap="xs">
      <Button variant="default" loading={work.isPending} onClick={() => work.mutate()}>
        {t("fleet.export")}
      </Button>
      {work.error && <ProblemNotice problem={work.error} />}
    </Stack>
  );
};

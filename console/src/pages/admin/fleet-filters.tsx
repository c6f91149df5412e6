import { Button, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { approvals, phases } from "./fleet-filter.ts";
import { useFleetFilter } from "./use-fleet-filter.ts";

/** Search, phase and approval; what is chosen stands in the page's address. */
export const FleetFilters = () => {
  const { t } = useTranslation("admin");
  const [filter, change] = useFleetFilter();
  // Another key, another field: what is typed is the visitor's until they clear it.
  const [cleared, setCleared] = useState(0);
  const search = useDebouncedCallback((text: string) => change({ search: text }), 300);
  const options = (group: string, names: readonly string[]) =>
    names.map((name) => ({ value: name, label: t(`${group}.${name}`) }));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Group component="search" align="flex-end" gap="sm">
      <TextInput
        key={cleared}
        label={t("fleet.search")}
        placeholder={t("fleet.searchHint")}
        type="search"
        defaultValue={filter.search ?? ""}
        onChange={(event) => search(event.currentTarget.value)}
        w={{ base: "100%", sm: 260 }}
      />
      <Select
        label={t("fleet.phase")}
        placeholder={t("fleet.anyPhase")}
        data={options("phase", phases)}
        value={filter.phase ?? null}
        onChange={(phase) => change({ phase: phase ?? undefined })}
        clearable
        w={{ base: "100%", xs: 180 }}
      />
      <Select
        label={t("fleet.approval")}
        placeholder={t("fleet.anyApproval")}
        data={options("approval", approvals)}
        value={filter.approval ?? null}
        onChange={(chosen) => change({ approval: approvals.find((approval) => approval === chosen) })}
        clearable
        w={{ base: "100%", xs: 200 }}
      />
      {isFiltered && (
        <Button
          variant="subtle"
          onClick={() => {
            change({ search: undefined, phase: undefined, approval: undefined });
            setCleared(cleared + 1);
          }}
        >
          {t("fleet.clear")}
        </Button>
      )}
    </Group>
  );
};

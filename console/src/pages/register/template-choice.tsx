import { Select } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { listTemplates } from "../../../../control-api/contract/templates.ts";
import { useApiQuery } from "../../api/use-api-query.ts";

export interface TemplateChoiceProps {
  readonly value: string | undefined;
  readonly onChange: (template: string) => void;
}

/** Which application the vault runs: asked only where there is more than one. */
export const TemplateChoice = ({ value, onChange }: TemplateChoiceProps) => {
  const { t } = useTranslation("register");
  const { data } = useApiQuery(listTemplates, {});
  const offered = data?.items ?? [];
  const first = offered[0]?.name;
  useEffect(() => {
    if (value === undefined && first !== undefined) onChange(first);
  }, [value, first, onChange]);
  if (offered.length < 2) return null;
  return (
    <Select
      label={t("template.label")}
      data={offered.map(({ name, displayName }) => ({ value: name, label: displayName }))}
      value={value ?? null}
      onChange={(name) => name !== null && onChange(name)}
      allowDeselect={false}
    />
  );
};

import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { getSlug } from "../../../../control-api/contract/slugs.ts";
import { useApiQuery } from "../../api/use-api-query.ts";

interface SlugFieldProps {
  readonly value: string;
  readonly onChange: (slug: string) => void;
  /** What the API said of it when the form was sent. */
  readonly problem: string | undefined;
}

/** The name in a vault's address; says while typing whether it can be had. */
export const SlugField = ({ value, onChange, problem }: SlugFieldProps) => {
  const { t } = useTranslation("admin");
  const [asked] = useDebouncedValue(value, 300);
  const { data } = useApiQuery(getSlug, { params: { slug: asked } }, { enabled: asked !== "" });
  const said = data?.slug === value ? data : undefined;
  const suggestions = said?.suggestions.join(", ") ?? "";
  const wrong =
    said?.available === false ? `${t(`slugReason.${said.reason ?? "taken"}`)} ${suggestions}`.trim() : undefined;
  return (
    <TextInput
      label={t("found.slug")}
      description={said?.available === true ? t("found.free", { slug: value }) : t("found.slugHint")}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.toLowerCase())}
      error={wrong ?? problem}
      autoCapitalize="none"
      spellCheck={false}
      required
    />
  );
};

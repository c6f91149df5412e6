import { Button, Group, Text, TextInput } from "@mantine/core";
import type { ReactNode, Ref } from "react";
import { useTranslation } from "react-i18next";
import type { SlugChoice } from "./use-slug.ts";

export interface SlugFieldProps extends SlugChoice {
  readonly onChange: (slug: string) => void;
  /** Said by the server when it was sent. */
  readonly refused: string | undefined;
  readonly inputRef: Ref<HTMLInputElement>;
}

/** The name in the vault's address, looked up while it is typed. */
export const SlugField = ({ slug, availability, onChange, refused, inputRef }: SlugFieldProps) => {
  const { t } = useTranslation("register");
  const reason = availability?.available === false ? t(`slugReason.${availability.reason ?? "taken"}`) : undefined;
  const trouble = refused ?? reason;
  const state = (): ReactNode => {
    if (slug === "") return t("slug.help");
    if (availability === undefined) return t("slug.looking");
    return availability.available ? t("slug.available", { slug }) : " ";
  };
  return (
    <div>
      <TextInput
        ref={inputRef}
        label={t("slug.label")}
        description={t("slug.description")}
        value={slug}
        onChange={({ currentTarget }) => onChange(currentTarget.value.toLowerCase())}
        error={trouble}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        maxLength={40}
        required
      />
      <Text size="sm" mt={4} c={availability?.available === true ? "var(--good)" : "dimmed"} role="status">
        {trouble === undefined && state()}
      </Text>
      {availability?.available === false && availability.suggestions.length > 0 && (
        <Group gap="xs" mt={4}>
          <Text size="sm">{t("slug.free")}</Text>
          {availability.suggestions.map((suggestion) => (
            <Button key={suggestion} size="compact-md" variant="light" onClick={() => onChange(suggestion)}>
              {suggestion}
            </Button>
          ))}
        </Group>
      )}
    </div>
  );
};

import { Group, Radio, SimpleGrid, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./register.module.css";
import type { RegistrationForm } from "./registration-form.ts";

type Kind = RegistrationForm["type"];
const kinds: readonly Kind[] = ["collective", "umbrella"];

export const TypeChoice = ({ value, onChange }: { value: Kind; onChange: (type: Kind) => void }) => {
  const { t } = useTranslation("register");
  return (
    <Radio.Group label={t("type.label")} value={value} onChange={(chosen) => onChange(chosen)}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="xs">
        {kinds.map((kind) => (
          <label key={kind} className={classes["kind"]} data-chosen={kind === value || undefined}>
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio value={kind} aria-describedby={`about-${kind}`} aria-label={t(`type.${kind}`)} />
              <div>
                <Text fw={600}>{t(`type.${kind}`)}</Text>
                <Text size="sm" c="dimmed" id={`about-${kind}`}>
                  {t(`type.${kind}About`)}
                </Text>
              </div>
            </Group>
          </label>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
};

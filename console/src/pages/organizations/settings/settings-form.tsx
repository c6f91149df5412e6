import { Button, Fieldset, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Locale, locales } from "../../../../../control-api/contract/fields.ts";
import { listMembers } from "../../../../../control-api/contract/members.ts";
import { type OrganizationView, patchOrganization } from "../../../../../control-api/contract/organizations.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { useApiQuery } from "../../../api/use-api-query.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useProblemWords } from "../../../components/use-problem-words.ts";
import { changesOf, currencyChoices, type Settings, settingsOf, timeZoneChoices } from "./settings.ts";

interface FieldsProps {
  readonly settings: Settings;
  readonly addresses: readonly string[];
  readonly errorOf: (field: keyof Settings) => string | undefined;
  readonly onChange: (part: Partial<Settings>) => void;
}

const Fields = ({ settings, addresses, errorOf, onChange }: FieldsProps) => {
  const { t, i18n } = useTranslation("organizations");
  const line = (field: "name" | "legalName" | "category", max: number) => ({
    label: t(`settings.${field}`),
    description: t(`settings.${field}Hint`),
    value: settings[field],
    maxLength: max,
    error: errorOf(field),
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [field]: event.currentTarget.value }),
  });
  const choice = (field: "contactEmail" | "locale" | "timeZone" | "currency") => ({
    label: t(`settings.${field}`),
    description: t(`settings.${field}Hint`),
    size: "md" as const,
    value: settings[field],
    error: errorOf(field),
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [field]: event.currentTarget.value }),
  });
  const languages: Record<Locale, string> = { en: "English", nb: "Norsk bokmål" };
  return (
    <>
      <TextInput {...line("name", 200)} required />
      <TextInput {...line("legalName", 200)} />
      <TextInput {...line("category", 60)} />
      <NativeSelect {...choice("contactEmail")} data={[...new Set([settings.contactEmail, ...addresses])]} />
      <NativeSelect {...choice("locale")} data={locales.map((value) => ({ value, label: languages[value] }))} />
      <NativeSelect {...choice("timeZone")} data={timeZoneChoices(settings.timeZone)} />
      <NativeSelect
        {...choice("currency")}
        data={[{ value: "", label: t("settings.noCurrency") }, ...currencyChoices(i18n.language)]}
      />
    </>
  );
};

/** Changes what the organization says of itself, unless somebody else was quicker: then it says so, and shows theirs where nothing was typed. */
export const SettingsForm = ({ organization }: { organization: OrganizationView }) => {
  const { t } = useTranslation("organizations");
  const { ofField } = useProblemWords();
  const { slug, role, version } = organization;
  // Only what was touched: what others change meanwhile is seen in the other fields.
  const [edits, setEdits] = useState<Partial<Settings>>({});
  const settings = { ...settingsOf(organization), ...edits };
  const members = useApiQuery(listMembers, { params: { slug } });
  const save = useApiMutation(patchOrganization, { onDone: () => setEdits({}) });
  const changes = changesOf(organization, settings);
  const isChanged = Object.keys(changes).length > 0;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (isChanged) save.mutate({ params: { slug }, body: changes, version });
  };
  const fieldsAreToBlame = (save.error?.fields.length ?? 0) > 0;
  return (
    <form onSubmit={submit} noValidate>
      <Fieldset
        variant="unstyled"
        m={0}
        disabled={!isAtLeast(role, "admin")}
        legend={<span hidden>{t("settings.title")}</span>}
      >
        <Stack maw={560}>
          <Fields
            settings={settings}
            addresses={members.data?.items.map(({ email }) => email) ?? []}
            errorOf={(field) => ofField(save.error, `/${field}`)}
            onChange={(part) => setEdits({ ...edits, ...part })}
          />
          {save.error && !fieldsAreToBlame && <ProblemNotice problem={save.error} />}
          {isAtLeast(role, "admin") && (
            <div>
              <Button type="submit" loading={save.isPending} disabled={!isChanged}>
                {t("save")}
              </Button>
              <Text role="status" size="sm" mt="xs">
                {save.isSuccess && !isChanged && t("settings.saved")}
              </Text>
            </div>
          )}
        </Stack>
      </Fieldset>
    </form>
  );
};

import { Button, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { patchMe } from "../../../../control-api/contract/account.ts";
import { locales } from "../../../../control-api/contract/fields.ts";
import type { Me } from "../../../../control-api/contract/login.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { speak } from "../../i18n/create-i18n.ts";

const names = { en: "English", nb: "Norsk bokmål" } as const;

/** Name and language. The console speaks the chosen language at once. */
export const AccountForm = ({ me }: { me: Me }) => {
  const { t, i18n } = useTranslation("account");
  const [name, setName] = useState(me.name);
  const [locale, setLocale] = useState(me.locale);
  const save = useApiMutation(patchMe, { onDone: (saved) => speak(i18n, saved.locale) });
  const said = save.error?.field("/name") && t("nameWrong");
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    save.mutate({ body: { name, locale } });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480}>
        <TextInput
          label={t("name")}
          description={t("nameHint")}
          autoComplete="name"
          maxLength={200}
          required
          value={name}
          error={said}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("language")}
          description={t("languageHint")}
          size="md"
          value={locale}
          onChange={(event) => setLocale(locales.find((one) => one === event.currentTarget.value) ?? locale)}
          data={locales.map((value) => ({ value, label: names[value] }))}
        />
        {save.error && said === undefined && <ProblemNotice problem={save.error} />}
        <div>
          <Button type="submit" loading={save.isPending} disabled={name === me.name && locale === me.locale}>
            {t("save")}
          </Button>
          <Text role="status" size="sm" mt="xs">
            {save.isSuccess && t("saved")}
          </Text>
        </div>
      </Stack>
    </form>
  );
};

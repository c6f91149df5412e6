import { Button, Group, Radio, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { locales } from "../../../../control-api/contract/fields.ts";
import {
  prepareOrganization,
  type UnprovenRegistration,
} from "../../../../control-api/contract/staff-registrations.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { newIdempotencyKey } from "../../api/new-idempotency-key.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useProblemWords } from "../../components/use-problem-words.ts";
import { SlugField } from "./slug-field.tsx";

const types = ["umbrella", "collective"] as const;
const empty = { type: "collective", name: "", slug: "", owner: "", email: "", locale: "en" };
type Fields = typeof empty;

const bodyOf = ({ owner, email, type, locale, ...fields }: Fields) => ({
  ...fields,
  type: types.find((known) => known === type) ?? "collective",
  locale: locales.find((known) => known === locale) ?? "en",
  contact: { name: owner, email },
});

/** What staff fill in to begin an organization for somebody. */
export const NewOrganizationForm = ({ onDone }: { onDone: (prepared: UnprovenRegistration) => void }) => {
  const { t } = useTranslation("admin");
  const { ofField } = useProblemWords();
  const [fields, setFields] = useState(empty);
  const [key, setKey] = useState(newIdempotencyKey);
  const prepare = useApiMutation(prepareOrganization, { onDone });
  const set = (part: Partial<Fields>): void => {
    setFields({ ...fields, ...part });
    setKey(newIdempotencyKey());
  };
  const problem = prepare.error;
  const text = (name: "name" | "owner" | "email", pointer: string, more: object = {}) => (
    <TextInput
      label={t(`found.${name}`)}
      value={fields[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
      error={ofField(problem, pointer)}
      required
      {...more}
    />
  );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // The same fields sent twice are one organization.
        prepare.mutate({ body: bodyOf(fields), idempotencyKey: key });
      }}
    >
      <Stack maw={520}>
        <Radio.Group label={t("found.type")} value={fields.type} onChange={(type) => set({ type })}>
          <Group gap="lg" mt={6}>
            {types.map((type) => (
              <Radio key={type} value={type} label={t(`found.${type}`)} description={t(`found.${type}Hint`)} />
            ))}
          </Group>
        </Radio.Group>
        {text("name", "/name")}
        <SlugField value={fields.slug} onChange={(slug) => set({ slug })} problem={ofField(problem, "/slug")} />
        {text("owner", "/contact/name", { autoComplete: "off" })}
        {text("email", "/contact/email", { type: "email", autoComplete: "off" })}
        <Select
          label={t("found.language")}
          data={locales.map((locale) => ({ value: locale, label: t(`found.${locale}`) }))}
          value={fields.locale}
          onChange={(locale) => set({ locale: locale ?? "en" })}
          allowDeselect={false}
        />
        {problem && problem.fields.length === 0 && <ProblemNotice problem={problem} />}
        <Group>
          <Button type="submit" loading={prepare.isPending}>
            {t("found.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

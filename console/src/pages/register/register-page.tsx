import { Alert, Anchor, Button, Paper, Stack, Text, TextInput } from "@mantine/core";
import { Trans, useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { getInvitingUmbrella } from "../../../../control-api/contract/affiliations.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { PageTitle } from "../../components/page-title.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { type FieldPointer, fieldPointers } from "./registration-form.ts";
import { SlugField } from "./slug-field.tsx";
import { TemplateChoice } from "./template-choice.tsx";
import { TypeChoice } from "./type-choice.tsx";
import { useRegister } from "./use-register.ts";

/** Whose invitation link was followed, or that it does not hold any more. */
const InvitedBy = ({ token }: { token: string }) => {
  const { t } = useTranslation("register");
  const { data, error } = useApiQuery(getInvitingUmbrella, { params: { token } });
  if (error?.status === 404 || error?.status === 400) return <Alert color="yellow">{t("invitation.dead")}</Alert>;
  if (error) return <ProblemNotice problem={error} />;
  return (
    <Alert role="status">
      {data && <Trans t={t} i18nKey="invitation.by" values={{ name: data.name }} components={{ b: <bdi /> }} />}
    </Alert>
  );
};

type Registering = ReturnType<typeof useRegister>;

/** What a text field of the form is given beside its words. */
const useField = ({ inputRef, isWrong }: Registering) => {
  const { t } = useTranslation("register");
  return (pointer: FieldPointer, autoComplete: string, maxLength: number) => ({
    ref: inputRef(pointer),
    error: isWrong(pointer) ? t(`wrong.${pointer}`) : undefined,
    autoComplete,
    maxLength,
  });
};

const Organization = ({ registering }: { registering: Registering }) => {
  const { t } = useTranslation("register");
  const field = useField(registering);
  const { form, change, choice, inputRef, isWrong } = registering;
  return (
    <Paper>
      <Stack>
        <TextInput
          {...field("/name", "organization", 200)}
          label={t(`name.${form.type}`)}
          value={form.name}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          required
        />
        <SlugField
          {...choice}
          inputRef={inputRef("/slug")}
          refused={isWrong("/slug") ? t(`wrong./slug`) : undefined}
          onChange={(slug) => change({ slug })}
        />
      </Stack>
    </Paper>
  );
};

const Contact = ({ registering }: { registering: Registering }) => {
  const { t } = useTranslation("register");
  const field = useField(registering);
  const { form, change } = registering;
  return (
    <Paper>
      <Stack>
        <TextInput
          {...field("/contact/name", "name", 200)}
          label={t("contact.name")}
          value={form.contactName}
          onChange={({ currentTarget }) => change({ contactName: currentTarget.value })}
          required
        />
        <TextInput
          {...field("/contact/email", "email", 254)}
          label={t("contact.email")}
          description={t("contact.emailAbout")}
          type="email"
          value={form.email}
          onChange={({ currentTarget }) => change({ email: currentTarget.value })}
          required
        />
      </Stack>
    </Paper>
  );
};

const Umbrella = ({ registering }: { registering: Registering }) => {
  const { t } = useTranslation("register");
  const field = useField(registering);
  const { form, change } = registering;
  return (
    <Paper>
      <TextInput
        {...field("/umbrella", "off", 40)}
        label={t("umbrella.label")}
        description={t("umbrella.about")}
        value={form.umbrella}
        onChange={({ currentTarget }) => change({ umbrella: currentTarget.value.toLowerCase() })}
        autoCapitalize="none"
        spellCheck={false}
      />
    </Paper>
  );
};

export const RegisterPage = () => {
  const { t } = useTranslation("register");
  const [query] = useSearchParams();
  const invitation = query.get("invitation") ?? "";
  const registering = useRegister(invitation);
  const { form, change, submit, isPending, problem } = registering;
  const saidAtField = problem?.fields.some(({ pointer }) => fieldPointers.some((known) => known === pointer));
  return (
    <Stack maw={680} mx="auto" gap="lg">
      <PageTitle title={t("title")} about={t("about")} />
      {invitation !== "" && <InvitedBy token={invitation} />}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="lg">
          {invitation === "" && <TypeChoice value={form.type} onChange={(type) => change({ type })} />}
          <TemplateChoice value={form.template} onChange={(template) => change({ template })} />
          <Organization registering={registering} />
          <Contact registering={registering} />
          {form.type === "collective" && invitation === "" && <Umbrella registering={registering} />}
          {problem && saidAtField !== true && <ProblemNotice problem={problem} />}
          <Button type="submit" loading={isPending}>
            {t("submit")}
          </Button>
          <Text size="sm" c="dimmed">
            <Trans t={t} i18nKey="known" components={{ a: <Anchor href="/login" /> }} />
          </Text>
        </Stack>
      </form>
    </Stack>
  );
};

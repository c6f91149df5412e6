import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  acceptAffiliationInvitation,
  type Affiliations,
  postAffiliationRequest,
} from "../../../../../control-api/contract/affiliations.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useOrganization } from "../organization-layout.tsx";
import { Section } from "../../../components/section.tsx";
import { joinBy } from "./join-by.ts";

const Done = ({ words }: { words: string }) => (
  <div role="status">
    {words !== "" && (
      <Alert color="green">
        <Text size="sm" c="var(--ink)">
          {words}
        </Text>
      </Alert>
    )}
  </div>
);

/** Asks an umbrella by its address, or joins it with a link that it sent: one field takes either. */
const AskForm = () => {
  const { t } = useTranslation("organizations");
  const { slug } = useOrganization();
  const [text, setText] = useState("");
  const [message, setMessage] = useState("");
  const [done, setDone] = useState("");
  const clear = (said: string): void => {
    setText("");
    setMessage("");
    setDone(said);
  };
  const ask = useApiMutation(postAffiliationRequest, {
    onDone: ({ umbrella: { name } }) => clear(t("ask.asked", { name })),
  });
  const join = useApiMutation(acceptAffiliationInvitation, {
    onDone: ({ umbrella: { name } }) => clear(t("ask.joined", { name })),
  });
  const by = joinBy(text);
  const problem = ask.error ?? join.error;
  const asked = ask.variables?.body.umbrella;
  const noUmbrella = ask.error?.field("/umbrella") && t("ask.noUmbrella", { umbrella: asked });
  const said = noUmbrella ?? (join.error?.status === 404 ? t("ask.linkClosed") : undefined);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setDone("");
    ask.reset();
    join.reset();
    if (by.token !== undefined) join.mutate({ params: { token: by.token }, body: { collective: slug } });
    else ask.mutate({ body: { collective: slug, umbrella: by.umbrella, message } });
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={560}>
        <TextInput
          label={t("ask.field")}
          description={t("ask.hint")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={said}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          required
        />
        {by.token === undefined && (
          <Textarea
            label={t("ask.message")}
            description={t("ask.messageHint")}
            value={message}
            maxLength={1000}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
        )}
        {problem && said === undefined && <ProblemNotice problem={problem} />}
        <Group>
          <Button type="submit" loading={ask.isPending || join.isPending}>
            {t(by.token === undefined ? "ask.act" : "ask.join")}
          </Button>
        </Group>
        <Done words={done} />
      </Stack>
    </form>
  );
};

export const AskUmbrella = ({ affiliations: { affiliated } }: { affiliations: Affiliations }) => {
  const { t } = useTranslation("organizations");
  const { role } = useOrganization();
  if (!isAtLeast(role, "admin")) return null;
  return (
    <Section title={t(affiliated.length === 0 ? "ask.title" : "ask.another")} about={t("ask.about")}>
      <AskForm />
    </Section>
  );
};

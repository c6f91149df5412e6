import { Group, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  cancelRegistration,
  listRegistrations,
  type UnprovenRegistration,
} from "../../../../control-api/contract/staff-registrations.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { useMe } from "../../api/use-me.ts";
import { ActButton } from "../../components/act-button.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Section } from "../../components/section.tsx";
import { When } from "./when.tsx";

const Row = ({ registration }: { registration: UnprovenRegistration }) => {
  const { t } = useTranslation("admin");
  const { data: me } = useMe();
  const cancel = useApiMutation(cancelRegistration);
  const { id, name, slug, type, contact, invitedBy, expiresAt } = registration;
  return (
    <Paper p="md">
      <Group justify="space-between" gap="md">
        <div style={{ minWidth: 0 }}>
          <Text fw={600}>
            <bdi>{name}</bdi>
          </Text>
          <Text size="sm" c="dimmed">
            {slug} · {t(`type.${type}`)} · {contact.email}
          </Text>
          <Text size="sm">
            {invitedBy !== null && `${t("found.invitedBy", { name: invitedBy })} · `}
            {t("found.expires")} <When at={expiresAt} />
          </Text>
        </div>
        {me?.platformRole === "admin" && (
          <ActButton
            label={t("found.cancel")}
            to={name}
            work={cancel}
            onAct={() => cancel.mutate({ params: { id } })}
          />
        )}
      </Group>
    </Paper>
  );
};

/** Registrations whose mail address nobody has confirmed yet: no vault is made for them. */
export const UnprovenRegistrations = () => {
  const { t } = useTranslation("admin");
  const { data, error, refetch } = useApiQuery(listRegistrations, {}, { refetchInterval: 10_000 });
  return (
    <Section plain title={t("found.unproven")}>
      {error && <ProblemNotice problem={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={72} radius="lg" />}
      {data?.items.length === 0 && <Text c="dimmed">{t("found.unprovenEmpty")}</Text>}
      <Stack gap="sm">
        {data?.items.map((registration) => (
          <Row key={registration.id} registration={registration} />
        ))}
      </Stack>
    </Section>
  );
};

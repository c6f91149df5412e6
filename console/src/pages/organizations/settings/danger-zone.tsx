import { Anchor, Button, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { exportAudit } from "../../../../../control-api/contract/audit.ts";
import { closeOrganization, listMembers } from "../../../../../control-api/contract/members.ts";
import { transferOrganization } from "../../../../../control-api/contract/organizations.ts";
import { addressOf } from "../../../api/api-client.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { useApiQuery } from "../../../api/use-api-query.ts";
import { useMe } from "../../../api/use-me.ts";
import { useOrganization } from "../organization-layout.tsx";
import { Section } from "../../../components/section.tsx";
import { TypedConfirmation } from "../../../components/typed-confirmation.tsx";

const Danger = ({ title, text, children }: { title: string; text: string; children: ReactNode }) => (
  <Stack gap="xs" align="flex-start">
    <Title order={3}>{title}</Title>
    <Text size="sm" maw={620}>
      {text}
    </Text>
    {children}
  </Stack>
);

const Transfer = () => {
  const { t } = useTranslation("organizations");
  const { slug, name } = useOrganization();
  const { data: me } = useMe();
  const members = useApiQuery(listMembers, { params: { slug } });
  const [to, setTo] = useState("");
  const [isAsking, setAsking] = useState(false);
  const transfer = useApiMutation(transferOrganization, { onDone: () => setAsking(false) });
  const others = members.data?.items.filter(({ id }) => id !== me?.id) ?? [];
  const heir = others.find(({ id }) => id === to);
  return (
    <Danger title={t("danger.transfer")} text={t("danger.transferText")}>
      {members.data && others.length === 0 && (
        <Anchor component={Link} to={`/dashboard/org/${slug}/members`} size="sm">
          {t("danger.inviteFirst")}
        </Anchor>
      )}
      {others.length > 0 && (
        <>
          <NativeSelect
            label={t("danger.to")}
            size="md"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            data={[
              { value: "", label: t("danger.chooseMember") },
              ...others.map((one) => ({ value: one.id, label: `${one.name} (${one.email})` })),
            ]}
            maw="100%"
          />
          <Button color="red" variant="outline" disabled={!heir} onClick={() => setAsking(true)}>
            {t("danger.transferAct")}
          </Button>
        </>
      )}
      {isAsking && heir && (
        <TypedConfirmation
          title={t("danger.transferTitle", { name, to: heir.name })}
          text={t("danger.transferConfirm", { to: heir.name })}
          phrase={slug}
          act={t("danger.transferAct")}
          pending={transfer.isPending}
          problem={transfer.error}
          onConfirm={() => transfer.mutate({ params: { slug }, body: { to, confirm: slug } })}
          onClose={() => setAsking(false)}
        />
      )}
    </Danger>
  );
};

const Close = () => {
  const { t } = useTranslation("organizations");
  const { slug, name } = useOrganization();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const close = useApiMutation(closeOrganization, { onDone: () => navigate("/dashboard") });
  return (
    <Danger title={t("danger.close")} text={t("danger.closeText")}>
      <Anchor href={addressOf(exportAudit, { params: { slug }, query: { format: "csv" } })} download size="sm">
        {t("danger.export")}
      </Anchor>
      <Button color="red" onClick={() => setAsking(true)}>
        {t("danger.closeAct")}
      </Button>
      {isAsking && (
        <TypedConfirmation
          title={t("danger.closeTitle", { name })}
          text={t("danger.closeConfirm")}
          phrase={slug}
          act={t("danger.closeAct")}
          pending={close.isPending}
          problem={close.error}
          onConfirm={() => close.mutate({ params: { slug }, body: { confirm: slug } })}
          onClose={() => setAsking(false)}
        />
      )}
    </Danger>
  );
};

/** What cannot be undone by oneself: for owners, each with its consequences and the address to be typed. */
export const DangerZone = () => {
  const { t } = useTranslation("organizations");
  return (
    <Section title={t("danger.title")} about={t("danger.about")}>
      <Stack gap="xl">
        <Transfer />
        <Close />
      </Stack>
    </Section>
  );
};

import { Button, Group, Paper, Select, Stack, Text, Textarea, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { postInvitation } from "../../../../control-api/contract/members.ts";
import type { OrganizationView } from "../../../../control-api/contract/organizations.ts";
import type { Role } from "../../../../control-api/contract/route-contract.ts";
import { useApi } from "../../api/api-context.tsx";
import { ApiProblem } from "../../api/api-problem.ts";
import { useProblemWords } from "../../components/use-problem-words.ts";
import { addressesIn, mostAtOnce } from "./addresses.ts";

const offered: readonly Role[] = ["admin", "member", "viewer"];

interface Sent {
  readonly invited: readonly string[];
  /** With why each was. */
  readonly refused: readonly { readonly email: string; readonly why: string }[];
}

/** One after the other, so that one address that is refused holds up no other. */
const useInvite = (slug: string) => {
  const api = useApi();
  const words = useProblemWords();
  return async (emails: readonly string[], role: Role): Promise<Sent> => {
    const invited: string[] = [];
    const refused: { email: string; why: string }[] = [];
    for (const email of emails) {
      try {
        await api.call(postInvitation, { params: { slug }, body: { email, role } });
        invited.push(email);
      } catch (error) {
        refused.push({ email, why: error instanceof ApiProblem ? words.of(error).detail : String(error) });
      }
    }
    return { invited, refused };
  };
};

const Outcome = ({ sent }: { sent: Sent }) => {
  const { t } = useTranslation("onboarding");
  return (
    <div role="status">
      {sent.invited.length > 0 && <Text c="var(--good)">{t("invite.sent", { count: sent.invited.length })}</Text>}
      {sent.refused.map(({ email, why }) => (
        <Text key={email} c="var(--bad)" size="sm">
          {email}: {why}
        </Text>
      ))}
    </div>
  );
};

/** Start fresh, or bring the team along: a pasted list of addresses, each of whom gets an invitation. */
export const InviteTeam = ({ organization }: { organization: OrganizationView }) => {
  const { t } = useTranslation("onboarding");
  const [text, setText] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [sent, setSent] = useState<Sent>();
  const [isSending, setSending] = useState(false);
  const invite = useInvite(organization.slug);
  const { good, wrong } = addressesIn(text);
  const trouble = (): string | undefined => {
    if (wrong.length > 0) return t("invite.wrong", { list: wrong.slice(0, 3).join(", ") });
    return good.length > mostAtOnce ? t("invite.tooMany", { most: mostAtOnce }) : undefined;
  };
  const [isChecked, setChecked] = useState(false);
  const send = async (): Promise<void> => {
    setChecked(true);
    if (good.length === 0 || trouble() !== undefined) return;
    setSending(true);
    const outcome = await invite(good, role);
    setSent(outcome);
    setText(outcome.refused.map(({ email }) => email).join("\n"));
    setChecked(false);
    setSending(false);
  };
  return (
    <Paper>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack>
          <Title order={2}>{t("invite.title")}</Title>
          <Text c="dimmed">{t("invite.about")}</Text>
          <Textarea
            label={t("invite.list")}
            description={t("invite.listAbout")}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            error={isChecked ? (trouble() ?? (good.length === 0 ? t("invite.none") : undefined)) : undefined}
            autoCapitalize="none"
            spellCheck={false}
          />
          <Select
            label={t("invite.role")}
            data={offered.map((value) => ({
              value,
              label: `${t(`role.${value}`)} – ${t(`invite.may.${value}`)}`,
            }))}
            value={role}
            onChange={(value) => setRole(offered.find((one) => one === value) ?? role)}
            allowDeselect={false}
          />
          <Group>
            <Button type="submit" variant="default" loading={isSending}>
              {good.length > 1 ? t("invite.sendMany", { count: good.length }) : t("invite.send")}
            </Button>
          </Group>
          {sent && <Outcome sent={sent} />}
        </Stack>
      </form>
    </Paper>
  );
};

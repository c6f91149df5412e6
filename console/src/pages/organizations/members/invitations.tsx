import { Badge, Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  type InvitationView,
  listInvitations,
  postInvitation,
  revokeInvitation,
} from "../../../../../control-api/contract/members.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { useApiQuery } from "../../../api/use-api-query.ts";
import { OnDate } from "../../../components/on-date.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useOrganization } from "../organization-layout.tsx";
import { Row, Rows, RowTitle } from "../../../components/rows.tsx";
import { Section } from "../../../components/section.tsx";
import { InviteForm } from "./invite-form.tsx";

const InvitationRow = ({ invitation }: { invitation: InvitationView }) => {
  const { t } = useTranslation("organizations");
  const { slug } = useOrganization();
  const revoke = useApiMutation(revokeInvitation);
  const again = useApiMutation(postInvitation);
  const { id, email, role, expiresAt, state, invitedBy } = invitation;
  const problem = revoke.error ?? again.error;
  return (
    <Row
      side={
        <>
          <Button
            size="sm"
            variant="default"
            loading={again.isPending}
            onClick={() => again.mutate({ params: { slug }, body: { email, role } })}
            aria-label={t("invitations.againNamed", { email })}
          >
            {t("invitations.again")}
          </Button>
          {state === "open" && (
            <Button
              size="sm"
              variant="subtle"
              color="red"
              loading={revoke.isPending}
              onClick={() => revoke.mutate({ params: { slug, id } })}
              aria-label={t("invitations.revokeNamed", { email })}
            >
              {t("invitations.revoke")}
            </Button>
          )}
        </>
      }
    >
      <RowTitle
        badge={
          <Badge variant="light" color={state === "open" ? "green" : "gray"}>
            {t(`invitations.state.${state}`)}
          </Badge>
        }
      >
        {email}
      </RowTitle>
      <Text size="sm" c="dimmed">
        {t(`role.${role}`)} · {invitedBy !== null && `${t("invitations.by", { name: invitedBy })} · `}
        {t(state === "open" ? "invitations.until" : "invitations.was")} <OnDate at={expiresAt} />
      </Text>
      {problem && <ProblemNotice problem={problem} />}
    </Row>
  );
};

/** The newest invitation to each address; who has accepted is a member and not shown here. Pure. */
const latest = (invitations: readonly InvitationView[]): InvitationView[] => {
  const seen = new Set<string>();
  return invitations.filter(({ email, state }) => {
    const key = email.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return state !== "accepted";
  });
};

/** Who was invited and has not come yet, and the form that invites. */
export const Invitations = () => {
  const { t } = useTranslation("organizations");
  const { slug } = useOrganization();
  const { data, error, refetch } = useApiQuery(listInvitations, { params: { slug } });
  const waiting = latest(data?.items ?? []);
  return (
    <Section title={t("invitations.title")} about={t("invitations.about")}>
      <InviteForm />
      {error && !data && <ProblemNotice problem={error} onRetry={() => void refetch()} />}
      {waiting.length > 0 && (
        <Rows label={t("invitations.title")}>
          {waiting.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} />
          ))}
        </Rows>
      )}
    </Section>
  );
};

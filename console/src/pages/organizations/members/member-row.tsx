import { Badge, Button, NativeSelect, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeRole, type MemberView } from "../../../../../control-api/contract/members.ts";
import type { Role } from "../../../../../control-api/contract/route-contract.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { OnDate } from "../../../components/on-date.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useOrganization } from "../organization-layout.tsx";
import { Row } from "../../../components/rows.tsx";
import { memberRights } from "./member-rights.ts";
import { RemoveMember } from "./remove-member.tsx";

export interface MemberRowProps {
  readonly member: MemberView;
  readonly all: readonly MemberView[];
  /** Whoever looks. */
  readonly me: { readonly id: string; readonly role: Role };
}

/** One member, with the role and the way out, as far as whoever looks may change them. */
export const MemberRow = ({ member, all, me }: MemberRowProps) => {
  const { t } = useTranslation("organizations");
  const { slug } = useOrganization();
  const [isRemoving, setRemoving] = useState(false);
  const change = useApiMutation(changeRole);
  const { id, name, email, role, since } = member;
  const isMe = id === me.id;
  const rights = memberRights(member, all, me);
  const give = (next: string): void =>
    change.mutate({ params: { slug, person: id }, body: { role: rights.roles.find((one) => one === next) ?? role } });
  return (
    <Row
      side={
        <>
          {rights.roles.length === 1 && <Badge variant="light">{t(`role.${role}`)}</Badge>}
          {rights.roles.length > 1 && (
            <NativeSelect
              aria-label={t("members.roleOf", { name })}
              value={change.isPending ? change.variables.body.role : role}
              disabled={change.isPending}
              onChange={(event) => give(event.currentTarget.value)}
              data={rights.roles.map((value) => ({ value, label: t(`role.${value}`) }))}
            />
          )}
          {rights.mayRemove && (
            <Button
              size="sm"
              variant="subtle"
              color="red"
              onClick={() => setRemoving(true)}
              aria-label={isMe ? t("members.leave") : t("members.removeNamed", { name })}
            >
              {t(isMe ? "members.leave" : "members.remove")}
            </Button>
          )}
        </>
      }
    >
      <Text fw={600}>
        <bdi>{name}</bdi>
        {isMe && ` ${t("members.you")}`}
      </Text>
      <Text size="sm" c="dimmed">
        {email} · {t("members.since")} <OnDate at={since} />
      </Text>
      {rights.isLastOwner && isMe && (
        <Text size="sm" mt={4}>
          {t("members.lastOwner")}
        </Text>
      )}
      {change.error && <ProblemNotice problem={change.error} />}
      {isRemoving && <RemoveMember member={member} isMe={isMe} onClose={() => setRemoving(false)} />}
    </Row>
  );
};

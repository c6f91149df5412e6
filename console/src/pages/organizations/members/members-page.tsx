import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { listMembers } from "../../../../../control-api/contract/members.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { useApiQuery } from "../../../api/use-api-query.ts";
import { useMe } from "../../../api/use-me.ts";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useOrganization } from "../organization-layout.tsx";
import { Rows } from "../../../components/rows.tsx";
import { Section } from "../../../components/section.tsx";
import { Invitations } from "./invitations.tsx";
import { MemberRow } from "./member-row.tsx";

/** Who belongs to the organization, as what, and who is invited. */
export const MembersPage = () => {
  const { t } = useTranslation("organizations");
  const { slug, role } = useOrganization();
  const { data: me } = useMe();
  const { data, error, refetch } = useApiQuery(listMembers, { params: { slug } });
  return (
    <Stack gap="lg">
      <Section title={t("members.title")} about={t("members.about")}>
        {error && !data && <ProblemNotice problem={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton height={120} />}
        {data && me && (
          <Rows label={t("members.title")}>
            {data.items.map((member) => (
              <MemberRow key={member.id} member={member} all={data.items} me={{ id: me.id, role }} />
            ))}
          </Rows>
        )}
      </Section>
      {isAtLeast(role, "admin") && <Invitations />}
    </Stack>
  );
};

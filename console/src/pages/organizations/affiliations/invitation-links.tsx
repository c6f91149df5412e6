import { Badge, Button, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Affiliations, revokeAffiliationInvitation } from "../../../../../control-api/contract/affiliations.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { OnDate } from "../../../components/on-date.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { EmptyState } from "../empty-state.tsx";
import { useOrganization } from "../organization-layout.tsx";
import { Row, Rows, RowTitle } from "../../../components/rows.tsx";
import { Section } from "../../../components/section.tsx";
import { linkState } from "./link-state.ts";
import { MakeLink } from "./make-link.tsx";

type Link = Affiliations["invitations"][number];

const LinkRow = ({ link }: { link: Link }) => {
  const { t } = useTranslation("organizations");
  const revoke = useApiMutation(revokeAffiliationInvitation);
  const { id, label, uses, mostUses, expiresAt } = link;
  const state = linkState(link, new Date());
  const name = label === "" ? t("links.unnamed") : label;
  return (
    <Row
      side={
        state === "open" && (
          <Button
            size="sm"
            variant="subtle"
            color="red"
            loading={revoke.isPending}
            onClick={() => revoke.mutate({ params: { id } })}
            aria-label={t("links.revokeNamed", { name })}
          >
            {t("links.revoke")}
          </Button>
        )
      }
    >
      <RowTitle
        badge={
          <Badge variant="light" color={state === "open" ? "green" : "gray"}>
            {t(`links.state.${state}`)}
          </Badge>
        }
      >
        {name}
      </RowTitle>
      <Text size="sm" c="dimmed">
        {mostUses === null ? t("links.usedOften", { count: uses }) : t("links.used", { uses, most: mostUses })}
        {(state === "open" || state === "expired") && (
          <>
            {` · ${t(state === "expired" ? "links.expired" : "links.until")} `}
            <OnDate at={expiresAt} />
          </>
        )}
      </Text>
      {revoke.error && <ProblemNotice problem={revoke.error} />}
    </Row>
  );
};

/** The links by which collectives join this umbrella without being asked: made, copied once, closed. */
export const InvitationLinks = ({ invitations }: { invitations: readonly Link[] }) => {
  const { t } = useTranslation("organizations");
  const { role } = useOrganization();
  const [isMaking, setMaking] = useState(false);
  if (!isAtLeast(role, "admin")) return null;
  const make = (
    <Button size="sm" onClick={() => setMaking(true)}>
      {t("links.make")}
    </Button>
  );
  return (
    <Section title={t("links.title")} about={t("links.about")} actions={invitations.length > 0 ? make : undefined}>
      {invitations.length === 0 && (
        <EmptyState title={t("links.none")} text={t("links.noneText")}>
          {make}
        </EmptyState>
      )}
      <Rows label={t("links.title")}>
        {invitations.map((link) => (
          <LinkRow key={link.id} link={link} />
        ))}
      </Rows>
      {isMaking && <MakeLink onClose={() => setMaking(false)} />}
    </Section>
  );
};

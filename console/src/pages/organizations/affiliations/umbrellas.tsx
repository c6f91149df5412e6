import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Affiliations } from "../../../../../control-api/contract/affiliations.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { OnDate } from "../../../components/on-date.tsx";
import { EmptyState } from "../empty-state.tsx";
import { useOrganization } from "../organization-layout.tsx";
import { Row, Rows } from "../../../components/rows.tsx";
import { Section } from "../../../components/section.tsx";
import { EndAffiliation } from "./end-affiliation.tsx";

/** The umbrellas a collective belongs to, and the way out of each. */
export const Umbrellas = ({ affiliated }: { affiliated: Affiliations["affiliated"] }) => {
  const { t } = useTranslation("organizations");
  const { slug, name, role } = useOrganization();
  const [leaving, setLeaving] = useState<{ slug: string; name: string } | null>(null);
  const maySteer = isAtLeast(role, "admin");
  return (
    <Section title={t("umbrellas.title")} about={t("umbrellas.about")}>
      {affiliated.length === 0 && (
        <EmptyState title={t("umbrellas.none")} text={t(maySteer ? "umbrellas.noneText" : "umbrellas.noneViewer")} />
      )}
      <Rows label={t("umbrellas.title")}>
        {affiliated.map(({ with: other, since }) => (
          <Row
            key={other.slug}
            side={
              maySteer && (
                <Button
                  size="sm"
                  variant="subtle"
                  color="red"
                  onClick={() => setLeaving(other)}
                  aria-label={t("umbrellas.leaveNamed", { name: other.name })}
                >
                  {t("umbrellas.leave")}
                </Button>
              )
            }
          >
            <Text fw={600}>
              <bdi>{other.name}</bdi>
            </Text>
            <Text size="sm" c="dimmed">
              {other.slug} · {t("umbrellas.since")} <OnDate at={since} />
            </Text>
          </Row>
        ))}
      </Rows>
      {leaving && (
        <EndAffiliation
          slug={slug}
          other={leaving}
          title={t("umbrellas.leaveTitle", { name: leaving.name })}
          text={t("umbrellas.leaveText", { name: leaving.name, own: name })}
          act={t("umbrellas.leave")}
          onClose={() => setLeaving(null)}
        />
      )}
    </Section>
  );
};

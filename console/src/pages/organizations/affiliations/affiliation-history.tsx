import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Affiliations } from "../../../../../control-api/contract/affiliations.ts";
import { OnDate } from "../../../components/on-date.tsx";
import { useOrganization } from "../organization-layout.tsx";
import { Row, Rows } from "../../../components/rows.tsx";
import { Section } from "../../../components/section.tsx";

const atFirst = 5;

/** All that happened between this organization and others, newest first. */
export const AffiliationHistory = ({ history }: { history: Affiliations["history"] }) => {
  const { t } = useTranslation("organizations");
  const { type } = useOrganization();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? history : history.slice(0, atFirst);
  return (
    <Section title={t("history.title")}>
      <Rows label={t("history.title")}>
        {shown.map(({ event, with: { slug, name }, at }) => (
          <Row
            key={`${at} ${event} ${slug}`}
            side={
              <Text size="sm" c="dimmed">
                <OnDate at={at} time />
              </Text>
            }
          >
            <Text size="sm">{t(`history.${type}.${event}`, { name })}</Text>
          </Row>
        ))}
      </Rows>
      {history.length > shown.length && (
        <Button mt="sm" size="sm" variant="default" onClick={() => setWhole(true)}>
          {t("history.all", { count: history.length })}
        </Button>
      )}
    </Section>
  );
};

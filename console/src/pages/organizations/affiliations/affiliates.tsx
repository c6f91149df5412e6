import { Anchor, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Affiliations } from "../../../../../control-api/contract/affiliations.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { OnDate } from "../../../components/on-date.tsx";
import { EmptyState } from "../empty-state.tsx";
import { useOrganization } from "../organization-layout.tsx";
import { Row, Rows, RowTitle } from "../../../components/rows.tsx";
import { Section } from "../../../components/section.tsx";
import { VaultBadge } from "../vault/vault-badge.tsx";
import { vaultStateOf } from "../vault/vault-state.ts";
import { affiliateStates, filterAffiliates } from "./affiliate-filter.ts";
import { EndAffiliation } from "./end-affiliation.tsx";
import { useAffiliateFilter } from "./use-affiliate-filter.ts";

type Affiliate = Affiliations["affiliated"][number];

const AffiliateFilters = () => {
  const { t } = useTranslation("organizations");
  const [{ search, state }, change] = useAffiliateFilter();
  return (
    <Group mb="md" align="flex-end" role="search" aria-label={t("affiliates.filter")}>
      <TextInput
        type="search"
        label={t("affiliates.search")}
        value={search}
        onChange={(event) => change({ search: event.currentTarget.value })}
        style={{ flex: "1 1 12rem" }}
      />
      <NativeSelect
        label={t("affiliates.state")}
        size="md"
        value={state ?? ""}
        onChange={(event) =>
          change({ state: affiliateStates.find((one) => one === event.currentTarget.value) ?? null })
        }
        data={[
          { value: "", label: t("affiliates.states.all") },
          ...affiliateStates.map((value) => ({ value, label: t(`affiliates.states.${value}`) })),
        ]}
      />
    </Group>
  );
};

const AffiliateRow = ({ affiliate, onRemove }: { affiliate: Affiliate; onRemove: (() => void) | undefined }) => {
  const { t } = useTranslation("organizations");
  const { with: other, since, vault } = affiliate;
  return (
    <Row
      side={
        onRemove && (
          <Button
            size="sm"
            variant="subtle"
            color="red"
            onClick={onRemove}
            aria-label={t("affiliates.removeNamed", { name: other.name })}
          >
            {t("affiliates.remove")}
          </Button>
        )
      }
    >
      <RowTitle badge={<VaultBadge state={vaultStateOf(vault?.phase ?? "")} />}>{other.name}</RowTitle>
      <Text size="sm" c="dimmed">
        {vault?.url ? <Anchor href={vault.url}>{new URL(vault.url).host}</Anchor> : other.slug}
        {" · "}
        {t("affiliates.since")} <OnDate at={since} />
      </Text>
    </Row>
  );
};

/** An umbrella's collectives with the state of their vaults; found by name, narrowed by state, removed by its admins. */
export const Affiliates = ({ affiliated }: { affiliated: readonly Affiliate[] }) => {
  const { t } = useTranslation("organizations");
  const { slug, name, role } = useOrganization();
  const [filter, change] = useAffiliateFilter();
  const [leaving, setLeaving] = useState<Affiliate["with"] | null>(null);
  const found = filterAffiliates(affiliated, filter);
  const maySteer = isAtLeast(role, "admin");
  return (
    <Section title={t("affiliates.title")} about={t("affiliates.about", { count: affiliated.length })}>
      {affiliated.length === 0 && (
        <EmptyState title={t("affiliates.none")} text={t(maySteer ? "affiliates.noneText" : "affiliates.noneViewer")} />
      )}
      {affiliated.length > 0 && <AffiliateFilters />}
      {affiliated.length > 0 && found.length === 0 && (
        <Stack gap="xs" align="flex-start">
          <Text role="status">{t("affiliates.noMatch")}</Text>
          <Button variant="default" size="sm" onClick={() => change({ search: "", state: null })}>
            {t("affiliates.clear")}
          </Button>
        </Stack>
      )}
      <Rows label={t("affiliates.title")}>
        {found.map((affiliate) => (
          <AffiliateRow
            key={affiliate.with.slug}
            affiliate={affiliate}
            onRemove={maySteer ? () => setLeaving(affiliate.with) : undefined}
          />
        ))}
      </Rows>
      {leaving && (
        <EndAffiliation
          slug={slug}
          other={leaving}
          title={t("affiliates.removeTitle", { name: leaving.name })}
          text={t("affiliates.removeText", { name: leaving.name, own: name })}
          act={t("affiliates.remove")}
          onClose={() => setLeaving(null)}
        />
      )}
    </Section>
  );
};

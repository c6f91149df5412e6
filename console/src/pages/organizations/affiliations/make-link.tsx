import {
  Button,
  CopyButton,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Radio,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { postAffiliationInvitation } from "../../../../../control-api/contract/affiliations.ts";
import type { Answer, Asked } from "../../../api/api-client.ts";
import type { ApiProblem } from "../../../api/api-problem.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { OnDate } from "../../../components/on-date.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useOrganization } from "../organization-layout.tsx";
import classes from "../organizations.module.css";

const lifetimes = [7, 14, 30, 90, 365];

const Made = ({ link, expiresAt, onClose }: { link: string; expiresAt: string; onClose: () => void }) => {
  const { t } = useTranslation("organizations");
  return (
    <Stack>
      <Text size="sm">
        {t("links.made")} {t("links.until")} <OnDate at={expiresAt} />.
      </Text>
      <output className={classes["link"]}>{link}</output>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("done")}
        </Button>
        <CopyButton value={link} timeout={4000}>
          {({ copied, copy }) => (
            <Button onClick={copy} data-autofocus>
              <span aria-live="polite">{t(copied ? "links.copied" : "links.copy")}</span>
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  );
};

type Uses = "one" | "some" | "any";
const isUses = (value: string): value is Uses => ["one", "some", "any"].includes(value);

const HowMany = ({ onChange }: { onChange: (mostUses: number | null) => void }) => {
  const { t } = useTranslation("organizations");
  const [uses, setUses] = useState<Uses>("one");
  const [most, setMost] = useState<string | number>(10);
  const choose = (next: Uses, count: string | number): void => {
    setUses(next);
    setMost(count);
    onChange({ one: 1, some: Number(count), any: null }[next]);
  };
  return (
    <>
      <Radio.Group label={t("links.uses")} value={uses} onChange={(value) => isUses(value) && choose(value, most)}>
        <Stack gap="xs" mt="xs">
          <Radio value="one" label={t("links.one")} />
          <Radio value="some" label={t("links.some")} />
          <Radio value="any" label={t("links.any")} />
        </Stack>
      </Radio.Group>
      {uses === "some" && (
        <NumberInput
          label={t("links.most")}
          size="md"
          min={1}
          max={10_000}
          allowDecimal={false}
          hideControls
          value={most}
          onChange={(count) => choose(uses, count)}
        />
      )}
    </>
  );
};

type Make = UseMutationResult<
  Answer<typeof postAffiliationInvitation>,
  ApiProblem,
  Asked<typeof postAffiliationInvitation>
>;

const LinkForm = ({ make, onClose }: { make: Make; onClose: () => void }) => {
  const { t } = useTranslation("organizations");
  const { slug } = useOrganization();
  const [label, setLabel] = useState("");
  const [mostUses, setMostUses] = useState<number | null>(1);
  const [days, setDays] = useState("14");
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    make.mutate({ body: { umbrella: slug, label: label.trim(), mostUses, days: Number(days) } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("links.label")}
          description={t("links.labelHint")}
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          data-autofocus
        />
        <HowMany onChange={setMostUses} />
        <NativeSelect
          label={t("links.days")}
          size="md"
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={lifetimes.map((count) => ({ value: String(count), label: t("links.lasts", { count }) }))}
        />
        {make.error && <ProblemNotice problem={make.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {t("links.make")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** Makes a link for one collective or for many; shows it this once, to be copied. */
export const MakeLink = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation("organizations");
  const make = useApiMutation(postAffiliationInvitation);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(make.data ? "links.madeTitle" : "links.make")}
      closeButtonProps={{ "aria-label": t("cancel") }}
    >
      {make.data && <Made link={make.data.link} expiresAt={make.data.expiresAt} onClose={onClose} />}
      {!make.data && <LinkForm make={make} onClose={onClose} />}
    </Modal>
  );
};

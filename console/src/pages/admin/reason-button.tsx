import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  cancelOrganization,
  rejectOrganization,
  suspendTenant,
  type TenantRow,
} from "../../../../control-api/contract/admin.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useProblemWords } from "../../components/use-problem-words.ts";

/** What is done only with a reason that others read. Its words are `reasons.<act>.…`. */
const acts = { suspend: suspendTenant, reject: rejectOrganization, cancel: cancelOrganization } as const;

interface ReasonProps {
  readonly act: keyof typeof acts;
  readonly row: TenantRow;
  /** Told in words what was done. */
  readonly onDone: (words: string) => void;
}

const ReasonForm = ({ act, row, close, onDone }: ReasonProps & { close: () => void }) => {
  const { t } = useTranslation("admin");
  const { ofField } = useProblemWords();
  const { name, slug } = row.organization;
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const work = useApiMutation(acts[act], {
    onDone: () => {
      close();
      onDone(t(`reasons.${act}.done`, { name }));
    },
  });
  const submit = (): void => {
    const given = reason.replace(/\s+/g, " ").trim();
    setMissing(given === "");
    if (given !== "") work.mutate({ params: { slug }, body: { reason: given } });
  };
  const wrong = isMissing ? t("reasons.missing") : ofField(work.error, "/reason");
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <Text>{t(`reasons.${act}.text`)}</Text>
        <Textarea
          label={t("reasons.label")}
          description={t(`reasons.${act}.hint`)}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={wrong}
          maxLength={300}
          required
          data-autofocus
        />
        {work.error && wrong === undefined && <ProblemNotice problem={work.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("cancel")}
          </Button>
          <Button type="submit" color="red" loading={work.isPending}>
            {t(`reasons.${act}.button`)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** A button for what others will want to know the reason of; asks for it first. */
export const ReasonButton = ({ act, row, onDone }: ReasonProps) => {
  const { t } = useTranslation("admin");
  const [isOpen, { open, close }] = useDisclosure(false);
  const { name } = row.organization;
  return (
    <>
      <Button size="sm" variant="default" onClick={open} aria-label={`${t(`reasons.${act}.button`)}: ${name}`}>
        {t(`reasons.${act}.button`)}
      </Button>
      <Modal opened={isOpen} onClose={close} title={t(`reasons.${act}.title`, { name })}>
        <ReasonForm act={act} row={row} close={close} onDone={onDone} />
      </Modal>
    </>
  );
};

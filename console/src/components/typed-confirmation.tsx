import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type SyntheticEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiProblem } from "../api/api-problem.ts";
import { ProblemNotice } from "./problem-notice.tsx";

export interface TypedConfirmationProps {
  readonly title: string;
  /** What will happen, and what will stay. */
  readonly text: ReactNode;
  /** What has to be typed. */
  readonly phrase: string;
  /** Of the button that does it. */
  readonly act: string;
  readonly pending: boolean;
  readonly problem: ApiProblem | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks for a name to be typed before something is done that cannot be undone with one press. */
export const TypedConfirmation = (props: TypedConfirmationProps) => {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const fits = typed.trim() === props.phrase;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (fits) props.onConfirm();
  };
  return (
    <Modal opened onClose={props.onClose} title={props.title} closeButtonProps={{ "aria-label": t("cancel") }}>
      <form onSubmit={submit}>
        <Stack>
          <Text component="div" size="sm">
            {props.text}
          </Text>
          <TextInput
            label={t("typeToConfirm", { phrase: props.phrase })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus
          />
          {props.problem && <ProblemNotice problem={props.problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" color="red" disabled={!fits} loading={props.pending}>
              {props.act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};

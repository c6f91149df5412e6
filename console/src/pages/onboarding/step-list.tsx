import { Group, Loader, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Provisioning } from "../../../../control-api/contract/organizations.ts";
import classes from "./onboarding.module.css";

type Step = Provisioning["steps"][number];

const signs: Record<Step["state"], string> = { done: "✓", active: "", waiting: "·", failed: "✕" };

const StepLine = ({ step: { name, title, state } }: { step: Step }) => {
  const { t } = useTranslation("onboarding");
  return (
    <li className={classes["step"]} data-state={state} aria-current={state === "active" ? "step" : undefined}>
      <Group component="span" gap="sm" wrap="nowrap">
        <span className={classes["sign"]} aria-hidden="true">
          {state === "active" ? <Loader size={18} color="var(--accent)" /> : signs[state]}
        </span>
        <span>{t(`steps.${name}`, { defaultValue: title })}</span>
      </Group>
      <Text component="span" size="sm" inherit={false} c="inherit">
        {t(`stepState.${state}`)}
      </Text>
    </li>
  );
};

/** The named steps from approval to an address that answers. */
export const StepList = ({ steps }: { steps: readonly Step[] }) => {
  const { t } = useTranslation("onboarding");
  return (
    <ol className={classes["steps"]} aria-label={t("stepsLabel")}>
      {steps.map((step) => (
        <StepLine key={step.name} step={step} />
      ))}
    </ol>
  );
};

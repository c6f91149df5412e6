import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TenantRow } from "../../../../control-api/contract/admin.ts";
import classes from "./admin.module.css";
import { When } from "./when.tsx";

/** What is known of an organization and its vault, as a list of terms. */
export const TenantFacts = ({ row }: { row: TenantRow }) => {
  const { t } = useTranslation("admin");
  const { approval, plan, template, release, url, createdAt, observedAt, reason, step, activityReason } = row;
  const facts: [name: string, value: ReactNode][] = [
    ["address", url === null ? t("none") : <Anchor href={url}>{new URL(url).host}</Anchor>],
    ["approval", t(`approval.${approval}`)],
    ["plan", plan],
    ["template", template],
    ["release", release ?? t("none")],
    ["registered", <When at={createdAt} />],
    ["observed", observedAt === null ? t("never") : <When at={observedAt} />],
    ...(reason === "" ? [] : [["reason", <code>{reason}</code>] as [string, ReactNode]]),
    ...(activityReason === "" ? [] : [["suspendedFor", activityReason] as [string, ReactNode]]),
    ...(step === null ? [] : [["step", step] as [string, ReactNode]]),
  ];
  return (
    <dl className={classes["facts"]}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{t(`tenant.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
};

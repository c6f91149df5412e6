import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  type OrganizationView,
  type Provisioning,
  retryProvisioning,
} from "../../../../control-api/contract/organizations.ts";
import { isAtLeast } from "../../../../control-api/contract/route-contract.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { ProblemNotice } from "../problem-notice.tsx";

export interface VaultActsProps {
  readonly organization: OrganizationView;
  readonly provisioning: Provisioning;
  /** What else can be done where this stands. */
  readonly children?: ReactNode;
}

/** The way into a vault that is there, and another try for one that failed. */
export const VaultActs = ({ organization: { slug, role }, provisioning: { state, url }, children }: VaultActsProps) => {
  const { t } = useTranslation();
  const retry = useApiMutation(retryProvisioning);
  const isThere = (state === "live" || state === "read-only") && url !== null;
  const mayRetry = state === "failed" && isAtLeast(role, "admin");
  return (
    <>
      {(isThere || mayRetry || children) && (
        <Group>
          {isThere && (
            <Button component="a" href={url}>
              {t("openVault")}
            </Button>
          )}
          {mayRetry && (
            <Button loading={retry.isPending} onClick={() => retry.mutate({ params: { slug } })}>
              {t("retryVault")}
            </Button>
          )}
          {children}
        </Group>
      )}
      {retry.error && <ProblemNotice problem={retry.error} />}
    </>
  );
};

import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Provisioning } from "../../../../../control-api/contract/organizations.ts";
import type { VaultState } from "./vault-state.ts";

const colours: Record<VaultState | Provisioning["state"], string> = {
  waiting: "gray",
  "awaiting-approval": "yellow",
  rejected: "red",
  preparing: "voice",
  live: "green",
  "read-only": "yellow",
  suspended: "gray",
  failed: "red",
  closing: "gray",
};

/** How a vault is, in words; the colour only repeats them. */
export const VaultBadge = ({ state }: { state: VaultState | Provisioning["state"] }) => {
  const { t } = useTranslation("organizations");
  return (
    <Badge color={colours[state]} variant="light">
      {t(`vault.state.${state}`)}
    </Badge>
  );
};

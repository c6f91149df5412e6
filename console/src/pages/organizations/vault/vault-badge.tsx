import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Provisioning } from "../../../../../control-api/contract/organizations.ts";
import { vaultColours } from "../../../components/vault/vault-colours.ts";
import type { VaultState } from "./vault-state.ts";

const colours = { ...vaultColours, waiting: "gray" };

/** How a vault is, in words; the colour only repeats them. */
export const VaultBadge = ({ state }: { state: VaultState | Provisioning["state"] }) => {
  const { t } = useTranslation("organizations");
  return (
    <Badge color={colours[state]} variant="light">
      {t(`vault.state.${state}`)}
    </Badge>
  );
};
